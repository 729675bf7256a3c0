package dev.waybill.worker;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of external jobs, whose work is done by programs outside of Waybill.
 *
 * @param maxOpen the maximum number of unfinished external jobs, over all pods, 1 to 1,000,000
 * @param maxOpenPerCaller the maximum number of unfinished external jobs of one caller, 1 to
 *     1,000,000
 */
@Validated
@ConfigurationProperties("waybill.external-jobs")
record WorkerProperties(
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int maxOpen,
    @DefaultValue("2500") @Min(1) @Max(1_000_000) int maxOpenPerCaller) {}
