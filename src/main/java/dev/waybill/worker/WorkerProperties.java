package dev.waybill.worker;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of jobs that programs elsewhere do.
 *
 * @param maxOpen how many of them may be unfinished, over all pods, 1 to 1,000,000
 * @param maxOpenPerCaller the same for one caller, 1 to 1,000,000
 */
@Validated
@ConfigurationProperties("waybill.external-jobs")
record WorkerProperties(
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int maxOpen,
    @DefaultValue("2500") @Min(1) @Max(1_000_000) int maxOpenPerCaller) {}
