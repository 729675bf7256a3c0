package dev.waybill.cluster;

import dev.waybill.event.EventPublisher;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.EmitterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Publishes events in a cluster. Appends an event to the log, delivers the event to the clients of
 * this pod, and forwards it to the other pods that have emitters of the stream. Publishing an event
 * takes one round trip to Redis for any number of clients.
 *
 * <p>While Redis fails, events still get their IDs. The events reach the clients of this pod and of
 * the pods that Redis returned last. It is unknown whether the log contains such an event. The
 * event is not appended later, and its number is never used again. So a reader of the log can see a
 * gap, but never a wrong order.
 */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class RedisPublisher implements EventPublisher {

  private final RedisEventLog log;
  private final EmitterRegistry registry;
  private final LastOwners lastOwners;
  private final Forwarder forwarder;
  private final AskDatabase askDatabase;
  private final Directory directory;
  private final ClusterMetrics metrics;

  @Override
  public Published publish(StreamEvent event) {
    metrics.published();
    Optional<RedisEventLog.Appended> appended = log.append(event);
    if (isFenced(appended)) {
      switch (askDatabase.mayPublish(event)) {
        case OVERTAKEN -> {
          lastOwners.forget(event.streamId());
          return Published.FENCED;
        }
        case LATE -> {
          // This event is not in the log. Watchers on other pods notice the gap. Watchers on this
          // pod may still accept the event.
          metrics.unlogged();
          registry.deliver(event);
          return Published.DELIVERED;
        }
        case UNKNOWN -> {
          // This event is not delivered, and its number is not used again. When the database
          // answers again, watchers notice the gap or get a snapshot.
          metrics.unlogged();
          return Published.DELIVERED;
        }
        case MAY_PUBLISH -> {
          appended = appendToEmptiedLog(event);
          if (isFenced(appended)) {
            metrics.unlogged();
            return Published.DELIVERED; // a newer event was appended; the next call asks again
          }
        }
      }
    }
    // Forwards also an event that is already in the log. The call that appended this event may have
    // timed out before it returned the pods. A pod that already has the event skips it. Forwards
    // the event before the delivery on this pod. Forwarding only queues the event, and the event
    // takes longer to reach another pod.
    forwarder.forward(event, owners(event, appended));
    registry.deliver(event);
    return Published.DELIVERED;
  }

  /**
   * Empties the log and appends the event. This is necessary after a backup of the database was
   * restored. The log then has events that the database does not have.
   */
  private Optional<RedisEventLog.Appended> appendToEmptiedLog(StreamEvent event) {
    Optional<RedisEventLog.Appended> appended = Optional.empty();
    if (log.restart(event.streamId(), event.id())) {
      appended = log.append(event);
    }
    // Ends the connections of the watchers only after the append, so that watchers that reconnect
    // find an event in the log.
    directory.correct(List.of(event.streamId()));
    return appended;
  }

  private static boolean isFenced(Optional<RedisEventLog.Appended> appended) {
    return appended.isPresent() && appended.get().outcome() == RedisEventLog.Outcome.FENCED;
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
