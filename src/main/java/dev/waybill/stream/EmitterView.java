package dev.waybill.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a watching client, in the form in which callers of the API see it.
 *
 * @param pod the ID of the pod that has the connection
 * @param streams the names of the streams that the client watches
 * @param waitingBytes the number of bytes in the outbox of the connection
 * @param lastEventId the ID of the last event that was queued or sent, or null if no event was
 *     queued or sent
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record EmitterView(
    String emitterId,
    String pod,
    List<String> streams,
    Instant connectedAt,
    long waitingBytes,
    @Nullable String lastEventId,
    String transport) {

  /** A copy of this view that contains only the streams that the caller may see. */
  EmitterView onlyStreams(Predicate<String> visible) {
    return new EmitterView(
        emitterId,
        pod,
        streams.stream().filter(visible).toList(),
        connectedAt,
        waitingBytes,
        lastEventId,
        transport);
  }
}
