package dev.waybill.access;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What one caller may do once access is on: by principal and by address, over all pods together.
 *
 * @param uploadsPerMinute uploads that a caller may start in a minute; 0 for no limit
 * @param jobsPerMinute jobs of other programs that a caller may make in a minute; 0 for no limit
 * @param uploadsAtOnce uploads of one principal in progress on all pods; 0 for no limit but that of
 *     a pod, {@code waybill.upload.max-open-per-caller}
 * @param stored bytes of one principal's uploads that are not imported yet; 0B for no limit but
 *     that of {@code waybill.upload.max-stored-per-caller}
 * @param queued jobs of one principal that wait; 0 for no limit but that of {@code
 *     waybill.upload.max-queued-jobs-per-caller}
 * @param eventsPerSecond events that a caller may publish in a second; 0 for no limit
 * @param emitters clients of one principal that may watch on all pods; 0 for no limit but that of a
 *     pod, {@code waybill.stream.max-emitters}
 * @param externalJobs unfinished jobs of other programs of one principal; 0 for no limit but that
 *     of {@code waybill.external-jobs.max-open-per-caller}
 * @param profiles stored profiles of a caller; 0 for no limit
 * @param previews previews of a caller at once; 0 for no limit
 */
@Validated
@ConfigurationProperties("waybill.quotas")
record QuotaProperties(
    @DefaultValue("60") @Min(0) int uploadsPerMinute,
    @DefaultValue("600") @Min(0) int jobsPerMinute,
    @DefaultValue("4") @Min(0) int uploadsAtOnce,
    @DefaultValue("5GB") DataSize stored,
    @DefaultValue("20") @Min(0) int queued,
    @DefaultValue("1000") @Min(0) int eventsPerSecond,
    @DefaultValue("1000") @Min(0) int emitters,
    @DefaultValue("1000") @Min(0) int externalJobs,
    @DefaultValue("100") @Min(0) int profiles,
    @DefaultValue("20") @Min(0) int previews) {}
