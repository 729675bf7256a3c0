package dev.waybill.access;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one caller may do once access is on: by principal and by address, over all pods together.
 *
 * @param uploadsPerMinute uploads that a caller may start in a minute; 0 for no limit
 * @param jobsPerMinute jobs of other programs that a caller may make in a minute; 0 for no limit
 * @param eventsPerSecond events that a caller may publish in a second; 0 for no limit
 */
@Validated
@ConfigurationProperties("waybill.quotas")
record QuotaProperties(
    @DefaultValue("60") @Min(0) int uploadsPerMinute,
    @DefaultValue("600") @Min(0) int jobsPerMinute,
    @DefaultValue("1000") @Min(0) int eventsPerSecond) {}
