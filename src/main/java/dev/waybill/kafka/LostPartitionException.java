package dev.waybill.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * Thrown if another pod has changed the stored offset of a partition. The change shows that the
 * other pod reads the partition now. This pod must not publish records of the partition any more,
 * so its open transaction is rolled back.
 */
class LostPartitionException extends RuntimeException {

  LostPartitionException(TopicPartition partition, long offset) {
    super("Another pod has read partition %s from offset %d on".formatted(partition, offset));
  }
}
