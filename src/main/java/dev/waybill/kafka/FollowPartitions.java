package dev.waybill.kafka;

import dev.waybill.kafka.KafkaProperties.Start;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Reads the partitions that the consumer group assigns to one consumer. Starts each partition at
 * its offset in the database. Only one thread may use an instance.
 */
@Slf4j
@RequiredArgsConstructor
class FollowPartitions implements ConsumerRebalanceListener {

  /**
   * The maximum time that one poll waits for records. If there are no new records, a shutdown may
   * have to wait for this time.
   */
  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, KafkaProperties.Topic> topics;
  private final OffsetStore offsets;
  private final PublishRecords publish;
  private final KafkaMetrics metrics;
  private final TransactionOperations transactions;

  /** The offset of each partition of this consumer, as stored in the database. */
  private final Map<TopicPartition, Long> stored = new HashMap<>();

  /**
   * The partitions whose next record could not be published. These partitions are paused. The other
   * partitions are still read.
   */
  private final Map<TopicPartition, Blocked> blocked = new HashMap<>();

  /**
   * @param pause the length of the pause
   * @param until the end of the pause, by {@link System#nanoTime}
   */
  private record Blocked(Duration pause, long until) {}

  /** Whether the consumer group has admitted this consumer, even if it got no partition. */
  private boolean joined;

  boolean hasJoined() {
    return joined;
  }

  void subscribe() {
    consumer.subscribe(topics.keySet(), this);
  }

  /**
   * Polls the broker one time and publishes the records that the broker returned.
   *
   * @return the reason why records of a partition could not be published, or null if all records
   *     were published. The records that were not published are read again after a pause, which
   *     grows with each failure
   * @throws RuntimeException if this consumer cannot be used any more
   */
  @Nullable RuntimeException poll() {
    consumer.resume(due());
    ConsumerRecords<byte[], byte[]> polled;
    try {
      polled = consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      startOver(e.partitions());
      return null;
    }
    RuntimeException failure = null;
    for (TopicPartition partition : polled.partitions()) {
      try {
        publish(partition, polled.records(partition));
        blocked.remove(partition);
      } catch (LostPartitionException e) {
        throw e;
      } catch (RuntimeException e) {
        // Reads this partition again later, and continues with the other partitions.
        consumer.seek(partition, offset(partition));
        block(partition);
        failure = e;
      }
    }
    measureLag();
    return failure;
  }

  private void block(TopicPartition partition) {
    Blocked before = blocked.get(partition);
    Duration pause =
        before == null ? FollowTopics.SHORTEST_PAUSE : FollowTopics.longer(before.pause());
    blocked.put(partition, new Blocked(pause, System.nanoTime() + pause.toNanos()));
    consumer.pause(Set.of(partition));
  }

  private List<TopicPartition> due() {
    long now = System.nanoTime();
    return blocked.entrySet().stream()
        .filter(each -> each.getValue().until() - now <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void publish(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    List<ConsumerRecord<byte[], byte[]>> left = records;
    while (!left.isEmpty()) {
      long next = publish.publish(partition, left, offset(partition));
      stored.put(partition, next);
      left = left.stream().filter(each -> each.offset() >= next).toList();
    }
  }

  private long offset(TopicPartition partition) {
    return Objects.requireNonNull(stored.get(partition));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      long offset = offsets.find(partition).orElseGet(() -> first(partition));
      consumer.seek(partition, offset);
      stored.put(partition, offset);
    }
    joined = true;
  }

  /** The first offset to read in a partition that was never read before. */
  private long first(TopicPartition partition) {
    Start start = Objects.requireNonNull(topics.get(partition.topic())).start();
    if (start == Start.LATEST && !offsets.hasTopic(partition.topic())) {
      // Stores the offsets of all partitions of the topic together. So if a partition has no stored
      // offset later, the partition was added to the topic. An added partition is read from its
      // beginning, so that no record is lost.
      List<TopicPartition> all =
          consumer.partitionsFor(partition.topic()).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .sorted(Comparator.comparingInt(TopicPartition::partition))
              .toList();
      insert(all, consumer.endOffsets(all));
    }
    if (offsets.find(partition).isEmpty()) {
      insert(List.of(partition), consumer.beginningOffsets(Set.of(partition)));
    }
    return offsets.find(partition).orElseThrow();
  }

  private void insert(List<TopicPartition> partitions, Map<TopicPartition, Long> first) {
    transactions.executeWithoutResult(
        _ ->
            partitions.forEach(
                each -> offsets.insert(each, Objects.requireNonNull(first.get(each)))));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    stored.keySet().removeAll(partitions);
    blocked.keySet().removeAll(partitions);
  }

  /**
   * Continues at the oldest record if the stored offset is not in the partition any more. Either
   * Kafka has deleted records before they were read, or the partition has become shorter. A
   * partition becomes shorter if the topic was created again or a broker lost records. In this case
   * some records can be published twice, but no record is left out.
   */
  private void startOver(Set<TopicPartition> partitions) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long from = offset(partition);
      long to = Objects.requireNonNull(beginnings.get(partition));
      transactions.executeWithoutResult(_ -> offsets.advance(partition, from, to));
      log.warn(
          "Partition {} has no offset {} any more; its records from {} on are read",
          partition,
          from,
          to);
      // The difference is negative if the partition has become shorter. Then records can be
      // published twice, but no record is missed.
      metrics.missed(Math.max(0, to - from));
      consumer.seek(partition, to);
      stored.put(partition, to);
    }
  }

  private void measureLag() {
    metrics.reads(stored.keySet());
    for (TopicPartition partition : stored.keySet()) {
      consumer.currentLag(partition).ifPresent(lag -> metrics.lag(partition, lag));
    }
  }
}
