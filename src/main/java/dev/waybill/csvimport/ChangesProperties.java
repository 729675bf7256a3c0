package dev.waybill.csvimport;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What is kept of the values that jobs replace, beside {@code waybill.import.undo-retention}.
 *
 * @param dryRunRetention how long what a finished dry run would change is kept, 1 s to 10 years
 */
@Validated
@ConfigurationProperties("waybill.import.changes")
record ChangesProperties(
    @DefaultValue("24h") @DurationMin(seconds = 1) @DurationMax(days = 3653)
        Duration dryRunRetention) {}
