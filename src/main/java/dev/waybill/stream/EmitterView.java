package dev.waybill.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A watching connection as callers see it.
 *
 * @param pod the ID of the pod that holds it
 * @param streams the names of the streams that it watches
 * @param waitingBytes what is in its outbox
 * @param lastEventId the ID of the last event in its outbox or sent, null where there was none
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
