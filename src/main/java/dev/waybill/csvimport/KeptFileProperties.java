package dev.waybill.csvimport;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long the files of previews and dry runs are kept.
 *
 * @param unused a file is deleted this long after its last use; 1 s to 24 h
 * @param maxAge a file is deleted at the latest this long after its upload, even if it is used; 1 s
 *     to 7 d
 */
@Validated
@ConfigurationProperties("waybill.previews")
public record KeptFileProperties(
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration unused,
    @DefaultValue("24h") @DurationMin(seconds = 1) @DurationMax(days = 7) Duration maxAge) {}
