package dev.waybill.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Reads the topics in the settings, on one thread of this pod. After a failure, pauses and then
 * continues from the offsets in the database. Each further pause is longer.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class FollowTopics implements SmartLifecycle {

  static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(8);
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(2);

  private final KafkaProperties properties;
  private final KafkaClients clients;
  private final OffsetStore offsets;
  private final PublishRecords publish;
  private final KafkaMetrics metrics;
  private final TransactionOperations transactions;
  private final ReportOutage outages;

  private CountDownLatch stopped = new CountDownLatch(0);
  private @Nullable Thread thread;

  @Override
  public void start() {
    if (properties.topics().isEmpty()) {
      return;
    }
    CountDownLatch stop = new CountDownLatch(1);
    stopped = stop;
    thread = Thread.ofPlatform().name("kafka-topics").daemon().start(new Following(stop));
  }

  @Override
  public void stop() {
    stopped.countDown();
    if (thread != null) {
      try {
        thread.join(PATIENCE_AT_STOP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Stops together with the jobs: before the streams and the web server. */
  @Override
  public int getPhase() {
    return SmartLifecycle.DEFAULT_PHASE - 100;
  }

  /**
   * The pause after one more failure. This pause is twice as long as the given pause, but at most
   * {@link #LONGEST_PAUSE}.
   */
  static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** The task of the thread that reads the topics. */
  @RequiredArgsConstructor
  private final class Following implements Runnable {

    private final CountDownLatch stop;
    private Duration pause = SHORTEST_PAUSE;

    @Override
    public void run() {
      while (!isStopped()) {
        try {
          follow();
        } catch (Throwable e) {
          // Catches every Throwable, including an OutOfMemoryError. Otherwise the thread would end,
          // and this pod would not read the topics any more.
          failed(e);
        }
      }
    }

    /** Reads with one consumer until it fails. */
    private void follow() {
      // This line throws an exception if no broker's host name can be resolved.
      Consumer<byte[], byte[]> consumer = clients.consumer();
      try {
        FollowPartitions partitions =
            new FollowPartitions(
                consumer, properties.topics(), offsets, publish, metrics, transactions);
        partitions.subscribe();
        while (!isStopped()) {
          RuntimeException failure = partitions.poll();
          // A poll also returns if no broker has answered yet. So only a consumer that has joined
          // its group ends the outage. Otherwise, a broker that takes longer than one poll to
          // refuse a password would be asked again after the shortest pause each time.
          if (partitions.hasJoined()) {
            pause = SHORTEST_PAUSE;
          }
          if (failure != null) {
            report(failure);
          }
        }
      } finally {
        consumer.close(CloseOptions.timeout(PATIENCE_AT_CLOSE));
      }
    }

    private void failed(Throwable failure) {
      if (isStopped()) {
        return;
      }
      report(failure);
      await(pause);
      pause = longer(pause);
    }

    private void report(Throwable failure) {
      outages.report("topics", "Records cannot be published, trying again", failure);
    }

    private boolean isStopped() {
      return stop.getCount() == 0;
    }

    private void await(Duration time) {
      try {
        stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        stop.countDown(); // this thread is only interrupted in order to stop it
      }
    }
  }
}
