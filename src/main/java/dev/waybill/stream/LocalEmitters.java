package dev.waybill.stream;

import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKinds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The connections of watching clients, for a service with a single pod. Never blocks. */
@Component
@RequiredArgsConstructor
public class LocalEmitters implements Emitters {

  private final EmitterRegistry registry;
  private final StreamKinds kinds;
  private final Ticker ticker;
  private final Pod self;

  @Override
  public Optional<EmitterView> find(String emitterId) {
    return registry.emitter(emitterId).flatMap(this::view);
  }

  @Override
  public boolean send(String emitterId, StreamEvent event) {
    return registry.emitter(emitterId).filter(client -> client.send(event)).isPresent();
  }

  @Override
  public boolean close(String emitterId) {
    return registry
        .emitter(emitterId)
        .filter(client -> client.endWith(EncodedFrame.closed(ticker.nanos()), EndReason.CLOSED))
        .isPresent();
  }

  @Override
  public Part list(@Nullable String streamId, @Nullable String after, int limit) {
    List<EmitterView> items = new ArrayList<>();
    boolean more = false;
    for (ClientStream client : registry.emitters(streamId, after)) {
      Optional<EmitterView> view = view(client);
      if (items.size() == limit && view.isPresent()) {
        more = true;
        break;
      }
      view.ifPresent(items::add);
    }
    long total = streamId == null ? registry.size() : registry.clientsOf(streamId);
    return new Part(items, more, total, true);
  }

  private Optional<EmitterView> view(ClientStream client) {
    return client
        .seen()
        .map(
            seen ->
                new EmitterView(
                    client.id(),
                    self.id(),
                    client.streamIds().stream().map(kinds::name).toList(),
                    Instant.ofEpochMilli(seen.connectedAt()),
                    seen.waitingBytes(),
                    seen.lastEventId(),
                    client.transport().label()));
  }
}
