package dev.waybill.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a watching client, as callers of the API see it.
 *
 * @param pod the ID of the pod that has the connection
 * @param streams the names of the streams that the client watches
 * @param waitingBytes the bytes in the outbox of the connection
 * @param lastEventId the ID of the event that was queued or sent last, or null if there was none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record EmitterView(
    String emitterId,
    String pod,
    List<String> streams,
    Instant connectedAt,
    long waitingBytes,
    @Nullable String lastEventId,
    String transport) {}
