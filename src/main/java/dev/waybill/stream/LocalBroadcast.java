package dev.waybill.stream;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.StreamEvent;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** On a single pod, delivers events that the database has ordered to the pod's own clients. */
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
