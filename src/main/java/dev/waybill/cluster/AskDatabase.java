package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKinds;
import dev.waybill.event.StreamState;
import dev.waybill.platform.OutageLog;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Decides which attempt may publish, after Redis has refused an event because the log in Redis
 * already has the same ID or a higher ID. The database makes this decision, because Redis can be
 * wrong. After PostgreSQL was restored from a backup, the log in Redis may belong to attempts that
 * the database no longer contains. If Redis alone decided, every attempt at such a job would stop.
 */
@Component
@Profile("cluster")
class AskDatabase {

  /**
   * The time without queries after the database has failed, because each query during a failure can
   * block.
   */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final StreamKinds kinds;
  private final OutageLog outages;
  private final LongSupplier nanoTime;
  private volatile boolean failing;
  private volatile long failedAt;

  enum Verdict {
    /** The event belongs to the last attempt that the database knows. */
    MAY_PUBLISH,
    /**
     * The event belongs to the last attempt, but the database already has later events. Another pod
     * may have published them.
     */
    LATE,
    /**
     * A later attempt has taken over the job, the job ended before this event, or the job was
     * deleted.
     */
    OVERTAKEN,
    /** The database does not answer. */
    UNKNOWN
  }

  @Autowired
  AskDatabase(StreamKinds kinds, OutageLog outages) {
    this(kinds, outages, System::nanoTime);
  }

  AskDatabase(StreamKinds kinds, OutageLog outages, LongSupplier nanoTime) {
    this.kinds = kinds;
    this.outages = outages;
    this.nanoTime = nanoTime;
  }

  /** Decides whether the attempt that made an event may publish it. Blocks on the database. */
  Verdict mayPublish(StreamEvent event) {
    if (failing && nanoTime.getAsLong() - failedAt < PAUSE.toNanos()) {
      return Verdict.UNKNOWN;
    }
    try {
      Optional<StreamState> state = kinds.state(event.streamId());
      failing = false;
      if (state.filter(now -> isPublisher(event.id(), now)).isEmpty()) {
        return Verdict.OVERTAKEN;
      }
      EventId covered = state.get().covered();
      return covered != null && covered.isAfter(event.id()) ? Verdict.LATE : Verdict.MAY_PUBLISH;
    } catch (RuntimeException e) {
      failedAt = nanoTime.getAsLong();
      failing = true;
      outages.report(
          "fence",
          "Redis refuses the events of stream %s, and the database cannot be asked"
              .formatted(event.streamId()),
          e);
      return Verdict.UNKNOWN;
    }
  }

  private static boolean isPublisher(EventId id, StreamState now) {
    StreamEvent end = now.finalEvent();
    return id.epoch() == now.epoch() && (end == null || !id.isAfter(end.id()));
  }
}
