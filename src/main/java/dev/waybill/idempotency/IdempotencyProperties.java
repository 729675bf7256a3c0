package dev.waybill.idempotency;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long Waybill keeps the answers to repeatable uploads.
 *
 * @param retention the time for which the answer to an {@code Idempotency-Key} is kept; at least 1
 *     s
 */
@Validated
@ConfigurationProperties("waybill.idempotency")
public record IdempotencyProperties(
    @DefaultValue("24h") @DurationMin(seconds = 1) Duration retention) {}
