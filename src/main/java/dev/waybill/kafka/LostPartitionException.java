package dev.waybill.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * Another pod has changed the stored offset of this partition, so that pod reads the partition now.
 * This pod publishes nothing from it: an open transaction is rolled back.
 */
class LostPartitionException extends RuntimeException {

  LostPartitionException(TopicPartition partition, long offset) {
    super("Another pod has read partition %s from offset %d on".formatted(partition, offset));
  }
}
