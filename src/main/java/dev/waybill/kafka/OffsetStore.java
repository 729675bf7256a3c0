package dev.waybill.kafka;

import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * How far each partition was read, in SQL that all our databases understand. Changes join the
 * caller's transaction. There are as many rows as partitions of the topics in the settings.
 */
@Repository
@ConditionalOnKafka
@RequiredArgsConstructor
class OffsetStore {

  private final JdbcClient writes;

  /** The offset of the next record; empty for a partition that was never read. */
  Optional<Long> find(TopicPartition partition) {
    return writes
        .sql("SELECT next_offset FROM kafka_offset WHERE topic = ? AND part = ?")
        .params(partition.topic(), partition.partition())
        .query(Long.class)
        .optional();
  }

  /** Stores where a partition is read from first, unless another pod just has. */
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
   * Moves a partition on.
   *
   * @throws LostPartitionException if another pod has moved it meanwhile; then nothing may be
   *     written
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
