package dev.waybill.worker;

import org.springframework.test.context.TestPropertySource;

/** The same where other streams are taken over from Tomcat. */
@TestPropertySource(properties = "waybill.stream.transport=socket")
class SocketWatchedJobTest extends WatchedJobTest {}
