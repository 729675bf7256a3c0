package dev.waybill.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The events of a stream that are kept for watchers that reconnect.
 *
 * @param logSize the maximum number of events that are kept for each stream, 1 to 10,000
 * @param retention the time after the last event of a stream for which its events are kept, 1 s to
 *     30 d
 */
@Validated
@ConfigurationProperties("waybill.events")
public record EventsProperties(
    @DefaultValue("512") @Min(1) @Max(10_000) int logSize,
    @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(days = 30) Duration retention) {}
