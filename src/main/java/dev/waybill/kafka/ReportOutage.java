package dev.waybill.kafka;

import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Component;

/** Logs that the brokers or the database cannot be used: one line, and a summary each minute. */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class ReportOutage {

  private final OutageLog outages;

  /**
   * @param part what of this package fails
   */
  void report(String part, String message, RuntimeException failure) {
    // The stack of Kafka's client says nothing about an outage.
    boolean isOutage = failure instanceof KafkaException || failure instanceof Problem;
    outages.report(
        "kafka, " + part,
        isOutage ? message + " (" + failure + ")" : message,
        isOutage ? null : failure);
  }
}
