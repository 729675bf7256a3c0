package dev.waybill.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the watching side.
 *
 * @param maxEmitters how many connections this pod holds at once, 1 to 1,000,000
 * @param maxPerAddress how many connections one client address may hold, 1 to 1,000,000; behind a
 *     proxy that address is the proxy's, unless {@code server.forward-headers-strategy} is {@code
 *     native}
 * @param heartbeat time between two comments on a connection, 100 ms to 60 s
 * @param outboxSize how many bytes may wait for one client before it is closed as slow, 4 KB to 64
 *     MB
 * @param maxStall how old the oldest waiting frame or a write may grow before the client is closed
 *     as slow, 100 ms to 5 min
 */
@Validated
@ConfigurationProperties("waybill.stream")
public record StreamProperties(
    @DefaultValue("20000") @Min(1) @Max(1_000_000) int maxEmitters,
    @DefaultValue("1000") @Min(1) @Max(1_000_000) int maxPerAddress,
    @DefaultValue("15s") @DurationMin(millis = 100) @DurationMax(seconds = 60) Duration heartbeat,
    @DefaultValue("256KB") DataSize outboxSize,
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 5) Duration maxStall) {

  public StreamProperties {
    if (outboxSize.toBytes() < 4096 || outboxSize.toMegabytes() > 64) {
      throw new IllegalArgumentException(
          "waybill.stream.outbox-size is %s but must be from 4KB to 64MB".formatted(outboxSize));
    }
  }

  /**
   * How long after the last write the container is to wait for one that is stuck: longer than the
   * quiet between two comments, and than it takes to close a client as slow.
   */
  Duration writeTimeout() {
    return heartbeat.plus(maxStall.multipliedBy(2));
  }
}
