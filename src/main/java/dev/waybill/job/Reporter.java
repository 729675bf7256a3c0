package dev.waybill.job;

import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Publishes the progress of all attempts that run on this pod, ten times a second, on its own
 * thread.
 */
@Slf4j
@Component
class Reporter implements DisposableBean {

  private static final Duration TICK = Duration.ofMillis(100);

  /**
   * If the time between two ticks is longer than this duration, the process was frozen. During the
   * freeze, other pods may have taken over the jobs of this process.
   */
  private static final Duration FROZEN = Duration.ofSeconds(5);

  private final JobEvents events;
  private final EventPublisher publisher;
  private final JobStore store;
  private final Clock clock;
  private final Set<AttemptFeed> feeds = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("job-reporter").daemon().factory());
  private @Nullable Instant lastTick; // used only by the ticker

  /**
   * Feeds of attempts that another pod may have taken over while this process was frozen. Each feed
   * publishes nothing until the database has confirmed that no later attempt has begun.
   */
  private final Set<AttemptFeed> unverified = ConcurrentHashMap.newKeySet();

  Reporter(JobEvents events, EventPublisher publisher, JobStore store, Clock clock) {
    this.events = events;
    this.publisher = publisher;
    this.store = store;
    this.clock = clock;
    ticker.scheduleWithFixedDelay(
        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Opens the feed of an attempt that has just begun. The caller must {@link #close} the feed. */
  AttemptFeed open(Job begun) {
    AttemptFeed feed = new AttemptFeed(events, publisher, clock, begun);
    feed.open();
    feeds.add(feed);
    return feed;
  }

  void close(AttemptFeed feed) {
    feeds.remove(feed);
    unverified.remove(feed);
    feed.abandon();
  }

  /** Publishes the final event of a job after the commit of its end. */
  void publishFinal(Job ended) {
    publisher.publish(events.finalEvent(ended));
  }

  /** Publishes the snapshot and the final event of a job that ended before it ran. */
  void publishWhole(Job ended) {
    publisher.publish(events.snapshot(ended, EventId.first(ended.attempt())));
    publishFinal(ended);
  }

  final void tick() {
    Instant now = clock.instant();
    if (lastTick != null && Duration.between(lastTick, now).compareTo(FROZEN) > 0) {
      unverified.addAll(feeds);
    }
    lastTick = now;
    for (AttemptFeed feed : feeds) {
      if (isVerified(feed)) {
        feed.tick();
      }
    }
  }

  /**
   * After a freeze, asks the database whether a later attempt has begun. If the database does not
   * answer, asks again at the next tick.
   */
  private boolean isVerified(AttemptFeed feed) {
    if (!unverified.contains(feed)) {
      return true;
    }
    try {
      if (!isStillLast(feed.begun())) {
        feed.fence();
      }
      unverified.remove(feed);
      return true;
    } catch (Throwable e) {
      // Catches every Throwable. An uncaught Throwable would stop the ticker, and with it the ticks
      // of all feeds.
      log.debug("Job {}: cannot check whether it was taken over", feed.begun().id(), e);
      return false;
    }
  }

  private boolean isStillLast(Job begun) {
    return store.find(begun.id()).filter(job -> job.attempt() == begun.attempt()).isPresent();
  }

  @Override
  public void destroy() {
    ticker.shutdownNow();
  }
}
