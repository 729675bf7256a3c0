package dev.waybill.job;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long jobs are kept, and how long they wait.
 *
 * @param retention how long a finished job is kept with the records of its work, 1 s to 10 years;
 *     what the work has stored in other tables is kept for longer
 * @param storagePatience how long a job waits for the upload folder while the folder cannot be
 *     read, before the job fails with the code {@code storage}; 0 s to 1 day. Meanwhile the job is
 *     retried at least every 15 s
 */
@Validated
@ConfigurationProperties("waybill.jobs")
record JobsProperties(
    @DefaultValue("30d") @DurationMin(seconds = 1) @DurationMax(days = 3653) Duration retention,
    @DefaultValue("15m") @DurationMin(seconds = 0) @DurationMax(days = 1)
        Duration storagePatience) {}
