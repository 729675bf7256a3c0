package dev.waybill.channel;

import org.springframework.test.context.TestPropertySource;

/** The same with connections that are taken over from Tomcat. */
@TestPropertySource(properties = "waybill.stream.transport=socket")
class SocketEmittersTest extends EmittersTest {}
