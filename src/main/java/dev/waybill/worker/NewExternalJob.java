package dev.waybill.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A new external job as the request describes it.
 *
 * @param payload the payload as JSON, or null
 * @param total the number of units of work, or null if it is not known
 * @param cancelUnwatched whether the job is cancelled if nobody watches the job for some time
 * @param callbackUrl the URL to which the end of the job will be posted, or null
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
