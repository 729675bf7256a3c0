package dev.waybill.worker;

import org.springframework.test.context.TestPropertySource;

/**
 * The tests of {@link WatchedJobTest} with the transport {@code socket}, which takes over other
 * streams from Tomcat.
 */
@TestPropertySource(properties = "waybill.stream.transport=socket")
class SocketWatchedJobTest extends WatchedJobTest {}
