package dev.waybill.kafka;

import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.springframework.stereotype.Component;

/**
 * Logs that the Kafka brokers or the database cannot be used. Logs one line immediately, and then a
 * summary each minute.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class ReportOutage {

  private static final int MAX_CAUSES = 20;

  private final OutageLog outages;

  /**
   * @param part the name of the part of the package {@code kafka} that fails
   */
  void report(String part, String message, Throwable failure) {
    // During an outage, the stack trace of Kafka's client contains no useful information, so it is
    // not logged.
    if (failure instanceof AuthenticationException) {
      // All parts use the same settings, so one line for all parts says what to correct.
      outages.report(
          "kafka, authentication",
          "Kafka refuses this pod, or its certificate is not trusted, trying again;"
              + " see waybill.kafka.properties (%s)".formatted(reason(failure)),
          null);
      return;
    }
    boolean isOutage = failure instanceof KafkaException || failure instanceof Problem;
    outages.report(
        "kafka, " + part,
        isOutage ? message + " (" + reason(failure) + ")" : message,
        isOutage ? null : failure);
  }

  /**
   * The failure and its first cause. If a setting is wrong, Kafka's client throws "Failed to
   * construct kafka consumer", and only the first cause names the setting.
   */
  private static String reason(Throwable failure) {
    Throwable first = failure;
    for (int depth = 0; first.getCause() != null && depth < MAX_CAUSES; depth++) {
      first = first.getCause();
    }
    if (first == failure) {
      return failure.toString();
    }
    // If quotes are missing, the message about an incorrect sasl.jaas.config quotes a part of the
    // password.
    String cause =
        String.valueOf(first.getMessage()).contains("JAAS")
            ? "sasl.jaas.config cannot be read"
            : first.toString();
    return failure + ": " + cause;
  }

  /** Logs that a record or an event is lost and cannot be sent again. */
  void reportLoss(String message) {
    outages.report("kafka, lost", message, null);
  }
}
