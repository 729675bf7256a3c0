package dev.waybill.cluster;

import dev.waybill.event.EventPublisher;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.EmitterRegistry;
import java.util.Optional;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Publishing where there are several pods: into the log, to the clients here, and on its way to the
 * pods that hold others. One round trip, whatever the number of clients.
 *
 * <p>While Redis fails, events get their IDs all the same and reach the clients here, and those of
 * the pods that were known to hold some. Such a number is burned: it may or may not be in the log,
 * and is never appended later, so that a reader sees the gap instead of a wrong order.
 */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class RedisPublisher implements EventPublisher {

  private final RedisEventLog log;
  private final EmitterRegistry registry;
  private final LastOwners lastOwners;
  private final Forwarder forwarder;
  private final ClusterMetrics metrics;

  @Override
  public Published publish(StreamEvent event) {
    metrics.published();
    Optional<RedisEventLog.Appended> appended = log.append(event);
    if (appended.isPresent() && appended.get().outcome() == RedisEventLog.Outcome.FENCED) {
      lastOwners.forget(event.streamId());
      return Published.FENCED;
    }
    // Also what is there already: the call that put it there may have timed out before it told us
    // whom to send it to. Who has it leaves it out.
    // Forwarded first: it only queues, and has the longer way to go.
    forwarder.forward(event, owners(event, appended));
    registry.deliver(event);
    return Published.DELIVERED;
  }

  private Set<String> owners(StreamEvent event, Optional<RedisEventLog.Appended> appended) {
    if (appended.isEmpty()) {
      metrics.unlogged();
      return lastOwners.of(event.streamId());
    }
    Set<String> owners = appended.get().owners();
    if (event.type().isFinal()) {
      lastOwners.forget(event.streamId());
    } else {
      lastOwners.are(event.streamId(), owners);
    }
    return owners;
  }
}
