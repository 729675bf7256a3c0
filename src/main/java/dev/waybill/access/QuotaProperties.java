package dev.waybill.access;

import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What one caller may do. While access is off, only {@code profiles} and {@code previews} apply. A
 * quota per second or minute counts by principal and also by address. All quotas count over all
 * pods together.
 *
 * @param uploadsPerMinute uploads that a caller may start in a minute; 0 for no limit
 * @param jobsPerMinute jobs for other programs that a caller may create in a minute; 0 for no limit
 * @param uploadsAtOnce uploads of one principal that may be in progress on all pods together; with
 *     0 only the limit of each pod applies, {@code waybill.upload.max-open-per-caller}
 * @param stored bytes of one principal's uploads that are not imported yet; with 0B only {@code
 *     waybill.upload.max-stored-per-caller} applies; by default 5 GB, or {@code
 *     waybill.upload.max-size} if that is larger
 * @param queued jobs of one principal that may wait; with 0 only {@code
 *     waybill.upload.max-queued-jobs-per-caller} applies
 * @param eventsPerSecond events that a caller may publish in a second; 0 for no limit
 * @param emitters clients of one principal that may watch on all pods together; with 0 only the
 *     limit of each pod applies, {@code waybill.stream.max-emitters}
 * @param externalJobs unfinished jobs for other programs that one principal may have; with 0 only
 *     {@code waybill.external-jobs.max-open-per-caller} applies
 * @param profiles stored profiles that a caller may have; 0 for no limit
 * @param previews previews that a caller may have at the same time; 0 for no limit
 */
@Validated
@ConfigurationProperties("waybill.quotas")
record QuotaProperties(
    @DefaultValue("60") @Min(0) int uploadsPerMinute,
    @DefaultValue("600") @Min(0) int jobsPerMinute,
    @DefaultValue("4") @Min(0) int uploadsAtOnce,
    @Nullable DataSize stored,
    @DefaultValue("20") @Min(0) int queued,
    @DefaultValue("1000") @Min(0) int eventsPerSecond,
    @DefaultValue("1000") @Min(0) int emitters,
    @DefaultValue("1000") @Min(0) int externalJobs,
    @DefaultValue("100") @Min(0) int profiles,
    @DefaultValue("20") @Min(0) int previews) {}
