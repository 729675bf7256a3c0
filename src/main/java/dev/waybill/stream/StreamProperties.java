package dev.waybill.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the streams and their watchers.
 *
 * @param transport the way in which bytes reach an SSE client: {@code emitter} serves every client
 *     by Spring's {@code SseEmitter}; {@code socket} takes connections over from Tomcat, for many
 *     thousands of clients in little memory
 * @param maxEmitters the maximum number of clients that watch on this pod at the same time, 1 to
 *     1,000,000; by default as many as fit into a fifth of the heap, at most 20,000
 * @param maxPerAddress the maximum number of clients that watch from one address (IPv6: from one
 *     /64 network), 1 to 1,000,000; by default half of {@code max-emitters}, at most 1,000. Behind
 *     a proxy all clients have the proxy's address, unless {@code server.forward-headers-strategy}
 *     is {@code native}
 * @param heartbeat the time between two comments on a connection, 100 ms to 60 s
 * @param outboxSize the maximum number of bytes that wait for one client, 4 KB to 64 MB; if there
 *     are more, the client is closed as slow
 * @param maxStall the maximum age of the oldest waiting frame, and the maximum duration of a write,
 *     100 ms to 5 min; beyond it, the client is closed as slow
 */
@Validated
@ConfigurationProperties("waybill.stream")
public record StreamProperties(
    @DefaultValue("emitter") Transport transport,
    @Nullable @Min(1) @Max(1_000_000) Integer maxEmitters,
    @Nullable @Min(1) @Max(1_000_000) Integer maxPerAddress,
    @DefaultValue("15s") @DurationMin(millis = 100) @DurationMax(seconds = 60) Duration heartbeat,
    @DefaultValue("256KB") DataSize outboxSize,
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 5) Duration maxStall) {

  public StreamProperties {
    if (transport == Transport.WEBSOCKET) {
      throw new IllegalArgumentException(
          "waybill.stream.transport is emitter or socket; a client that asks for a WebSocket gets"
              + " one with both");
    }
    if (outboxSize.toBytes() < 4096 || outboxSize.toMegabytes() > 64) {
      throw new IllegalArgumentException(
          "waybill.stream.outbox-size is %s but must be from 4KB to 64MB".formatted(outboxSize));
    }
  }

  /**
   * Tomcat's timeout for a blocked write on a socket that it has handed over. Tomcat measures this
   * timeout from the previous write. So the timeout must be longer than the time between two
   * comments plus the time after which a client is closed as slow.
   */
  Duration writeTimeout() {
    return heartbeat.plus(maxStall.multipliedBy(2));
  }
}
