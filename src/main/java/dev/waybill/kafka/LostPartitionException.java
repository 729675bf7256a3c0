package dev.waybill.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * Another pod reads this partition now. The transaction in which this pod was about to write is
 * rolled back.
 */
class LostPartitionException extends RuntimeException {

  LostPartitionException(TopicPartition partition, long offset) {
    super("Another pod has read partition %s from offset %d on".formatted(partition, offset));
  }
}
