package dev.waybill.job;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The retention of jobs, and the time that they may wait.
 *
 * @param retention the time for which a finished job is kept with the records of its work, 1 s to
 *     10 years; data that the work has stored in other tables is kept for longer
 * @param storagePatience the time for which a job waits for the upload folder if the folder cannot
 *     be read, 0 s to 1 day; after this time the job fails with the code {@code storage}. Meanwhile
 *     the job is retried at least every 15 s
 */
@Validated
@ConfigurationProperties("waybill.jobs")
record JobsProperties(
    @DefaultValue("30d") @DurationMin(seconds = 1) @DurationMax(days = 3653) Duration retention,
    @DefaultValue("15m") @DurationMin(seconds = 0) @DurationMax(days = 1)
        Duration storagePatience) {}
