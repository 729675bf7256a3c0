package dev.waybill.kafka;

import dev.waybill.channel.PublishFromSource;
import dev.waybill.channel.PublishFromSource.SourceEvent;
import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes the records of one partition in order, and each record exactly one time. One
 * transaction commits the events together with the partition's new offset.
 */
@Component
@ConditionalOnKafka
class PublishRecords {

  private final PublishFromSource publish;
  private final OffsetStore offsets;
  private final SendDeadLetter deadLetters;
  private final KafkaMetrics metrics;
  private final TransactionOperations transactions;
  private final Map<String, ReadRecord> readers;

  PublishRecords(
      PublishFromSource publish,
      OffsetStore offsets,
      SendDeadLetter deadLetters,
      KafkaMetrics metrics,
      TransactionOperations transactions,
      KafkaProperties properties) {
    this.publish = publish;
    this.offsets = offsets;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.transactions = transactions;
    this.readers =
        properties.topics().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> new ReadRecord(each.getValue())));
  }

  /** A record, and the event that was made from the record. The event is not published yet. */
  private record Candidate(ConsumerRecord<byte[], byte[]> from, SourceEvent event) {

    /**
     * The approximate size of the record and its event in bytes. The total size of all records of
     * one transaction is limited.
     */
    int size() {
      return event.data().length();
    }
  }

  /**
   * Publishes as many of the first records as fit into one transaction. If the first record cannot
   * be published, sends only this record to the dead-letter topic.
   *
   * @param stored the partition's offset in the database
   * @return the partition's new offset in the database
   * @throws LostPartitionException if another pod reads the partition now
   */
  long publish(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long stored) {
    ReadRecord reader = Objects.requireNonNull(readers.get(partition.topic()));
    List<Candidate> candidates = new ArrayList<>();
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> each : records) {
      if (candidates.size() == PublishFromSource.MAX_EVENTS
          || bytes > PublishFromSource.MAX_BYTES) {
        break;
      }
      try {
        Candidate read = new Candidate(each, reader.read(each));
        bytes += read.size();
        candidates.add(read);
      } catch (Problem why) {
        if (candidates.isEmpty()) {
          return bury(partition, each, why, stored);
        }
        break;
      }
    }
    return commit(partition, candidates, stored);
  }

  /**
   * Publishes all events that come before the first refused event. If the first event of all is
   * refused, sends the record of this event to the dead-letter topic.
   */
  private long commit(TopicPartition partition, List<Candidate> all, long stored) {
    List<Candidate> candidates = all;
    while (true) {
      long next = candidates.getLast().from().offset() + 1;
      Map<Integer, Problem> refused =
          publish.publish(
              candidates.stream().map(Candidate::event).toList(),
              () -> offsets.advance(partition, stored, next));
      if (refused.isEmpty()) {
        metrics.published(candidates.size());
        return next;
      }
      int first = Collections.min(refused.keySet());
      if (first == 0) {
        return bury(
            partition,
            candidates.getFirst().from(),
            Objects.requireNonNull(refused.get(0)),
            stored);
      }
      candidates = candidates.subList(0, first);
    }
  }

  /**
   * Sends one record to the dead-letter topic. After that, stores the offset that follows the
   * record. So the record can be sent twice, but is never lost. Sends no record if the database
   * does not answer, or if another pod reads the partition now.
   */
  private long bury(
      TopicPartition partition, ConsumerRecord<byte[], byte[]> dead, Problem why, long stored) {
    if (offsets.find(partition).filter(offset -> offset == stored).isEmpty()) {
      throw new LostPartitionException(partition, stored);
    }
    deadLetters.send(dead, why);
    long next = dead.offset() + 1;
    transactions.executeWithoutResult(_ -> offsets.advance(partition, stored, next));
    return next;
  }
}
