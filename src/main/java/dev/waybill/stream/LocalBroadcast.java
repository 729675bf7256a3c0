package dev.waybill.stream;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.StreamEvent;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Delivers events whose order the database has determined. Used by a service with a single pod, so
 * only the clients of this pod get the events.
 */
@Component
@Profile("!cluster")
@RequiredArgsConstructor
class LocalBroadcast implements EventBroadcast {

  private final EmitterRegistry registry;

  @Override
  public void broadcast(List<StreamEvent> events) {
    events.forEach(registry::deliver);
  }

  @Override
  public int watchers(String streamId) {
    return registry.clientsOf(streamId);
  }
}
