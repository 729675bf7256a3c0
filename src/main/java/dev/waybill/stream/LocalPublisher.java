package dev.waybill.stream;

import dev.waybill.event.EventPublisher;
import dev.waybill.event.StreamEvent;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Publishes events on a single pod: appends an event to the log of the pod, then delivers it to the
 * clients of the pod.
 */
@Component
@Profile("!cluster")
@RequiredArgsConstructor
class LocalPublisher implements EventPublisher {

  private final MemoryEventLog log;
  private final EmitterRegistry registry;

  @Override
  public Published publish(StreamEvent event) {
    if (!log.append(event)) {
      return Published.FENCED;
    }
    registry.deliver(event);
    return Published.DELIVERED;
  }
}
