package dev.waybill.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The new job that a request describes.
 *
 * @param payload JSON, or null
 * @param total the number of units of work, or null if it is not known
 * @param cancelUnwatched whether the job is cancelled after nobody has watched it for a while
 * @param callbackUrl the URL to which the end of the job is posted, or null
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
