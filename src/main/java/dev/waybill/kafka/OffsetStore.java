package dev.waybill.kafka;

import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the offset up to which each partition was read. The table has one row for each partition
 * that Waybill has started to read. The SQL works on all supported databases. Changes are part of
 * the caller's transaction.
 */
@Repository
@ConditionalOnKafka
@RequiredArgsConstructor
class OffsetStore {

  private final JdbcClient writes;

  /** The offset of the next record to read; empty if no offset is stored for the partition. */
  Optional<Long> find(TopicPartition partition) {
    return writes
        .sql("SELECT next_offset FROM kafka_offset WHERE topic = ? AND part = ?")
        .params(partition.topic(), partition.partition())
        .query(Long.class)
        .optional();
  }

  /** Whether an offset is stored for any partition of a topic. */
  boolean hasTopic(String topic) {
    return !writes
        .sql("SELECT 1 FROM kafka_offset WHERE topic = ? LIMIT 1")
        .param(topic)
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /**
   * Stores the first offset of a partition. Does nothing if another pod has just stored an offset
   * for this partition.
   */
  void insert(TopicPartition partition, long offset) {
    writes
        .sql(
            """
            INSERT INTO kafka_offset (topic, part, next_offset) VALUES (?, ?, ?)
            ON CONFLICT (topic, part) DO NOTHING
            """)
        .params(partition.topic(), partition.partition(), offset)
        .update();
  }

  /**
   * Stores a new offset of a partition.
   *
   * @throws LostPartitionException if another pod has changed the offset after {@code from} was
   *     read. In this case the caller must roll its transaction back
   */
  void advance(TopicPartition partition, long from, long to) {
    int moved =
        writes
            .sql(
                """
                UPDATE kafka_offset SET next_offset = ?
                WHERE topic = ? AND part = ? AND next_offset = ?
                """)
            .params(to, partition.topic(), partition.partition(), from)
            .update();
    if (moved != 1) {
      throw new LostPartitionException(partition, from);
    }
  }
}
