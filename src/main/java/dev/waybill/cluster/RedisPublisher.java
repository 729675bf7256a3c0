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
 * Publishes in a cluster: appends to the log, delivers to the clients of this pod, and forwards to
 * the pods that own other emitters of the stream. One round trip to Redis for any number of
 * clients.
 *
 * <p>While Redis fails, events still get their IDs. They reach the clients of this pod and of the
 * owners that Redis reported last. Such a number is burned: it may or may not be in the log, and is
 * never appended later. So a reader of the log sees a gap, and never a wrong order.
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
          // Watchers on other pods see the gap. Those here may still take the event.
          metrics.unlogged();
          registry.deliver(event);
          return Published.DELIVERED;
        }
        case UNKNOWN -> {
          // The number is burned: watchers see the gap, or a snapshot, once the database answers.
          metrics.unlogged();
          return Published.DELIVERED;
        }
        case MAY_PUBLISH -> {
          appended = appendToEmptiedLog(event);
          if (isFenced(appended)) {
            metrics.unlogged();
            return Published.DELIVERED; // the log moved on meanwhile; the next event asks again
          }
        }
      }
    }
    // An event that is there already is forwarded too. The call that appended it may have timed out
    // before it returned the owners. A pod that has the event skips it.
    // Forwarding comes first: it only queues, and its way is longer.
    forwarder.forward(event, owners(event, appended));
    registry.deliver(event);
    return Published.DELIVERED;
  }

  /** Starts the log over, because the database was restored to a state before its end. */
  private Optional<RedisEventLog.Appended> appendToEmptiedLog(StreamEvent event) {
    Optional<RedisEventLog.Appended> appended = Optional.empty();
    if (log.restart(event.streamId(), event.id())) {
      appended = log.append(event);
    }
    // After the append, so that watchers who come back find an event in the log.
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
