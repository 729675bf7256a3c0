package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The undo of a job. If an undo was itself undone, and the job was then undone again, this is the
 * last undo of the job.
 *
 * @param by the transaction ID of the undo that reversed the values of the job
 * @param at the end of this undo; null while the undo waits or runs
 * @param reversedBy the transaction ID of the job that has undone this undo, so that the products
 *     have the values again; null, and absent in JSON, if the undo was not undone
 * @param reversedAt the end of the job {@code reversedBy}; null, and absent in JSON, if this job
 *     has not ended
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Undone(
    String by,
    @Nullable Instant at,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reversedBy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant reversedAt) {}
