package dev.waybill.channel;

import org.springframework.test.context.TestPropertySource;

/** Runs the same tests with connections that Waybill takes over from Tomcat. */
@TestPropertySource(properties = "waybill.stream.transport=socket")
class SocketEmittersTest extends EmittersTest {}
