package dev.waybill.kafka;

import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Component;

/**
 * Logs that the Kafka brokers or the database cannot be used. Logs one line immediately, and then a
 * summary each minute.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class ReportOutage {

  private final OutageLog outages;

  /**
   * @param part the name of the part of the package {@code kafka} that fails
   */
  void report(String part, String message, Throwable failure) {
    // During an outage, the stack trace of Kafka's client contains no useful information, so it is
    // not logged.
    boolean isOutage = failure instanceof KafkaException || failure instanceof Problem;
    outages.report(
        "kafka, " + part,
        isOutage ? message + " (" + failure + ")" : message,
        isOutage ? null : failure);
  }

  /** Logs that a record or an event is lost and cannot be sent again. */
  void reportLoss(String message) {
    outages.report("kafka, lost", message, null);
  }
}
