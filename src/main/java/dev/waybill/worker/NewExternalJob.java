package dev.waybill.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of a new job.
 *
 * @param payload JSON, or null
 * @param total of units of work, or null if it is not known
 * @param cancelUnwatched whether the job is cancelled once nobody has watched it for a while
 * @param callbackUrl where the end of the job is posted, or null
 */
record NewExternalJob(
    String kind,
    String title,
    @Nullable String payload,
    @Nullable Long total,
    @Nullable String unit,
    Duration silence,
    boolean cancelUnwatched,
    @Nullable String callbackUrl) {}
