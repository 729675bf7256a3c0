package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a job was undone. If an undo was itself undone, and then the job was undone again, this is
 * the last undo of the job.
 *
 * @param by the transaction ID of the undo that took the values of the job out of force
 * @param at the end of that undo; null while it waits or runs
 * @param reversedBy the transaction ID of the job that has undone that undo, so that the values are
 *     in force again; null, and absent in JSON, if there is none
 * @param reversedAt the end of that job; null, and absent in JSON, if it has not ended
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Undone(
    String by,
    @Nullable Instant at,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reversedBy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant reversedAt) {}
