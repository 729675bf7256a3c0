package dev.waybill.kafka;

import ch.qos.logback.classic.Level;
import dev.waybill.platform.OutageFilter;
import dev.waybill.platform.OutageLog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends the warnings of Kafka's clients to the {@link OutageLog}. Without this filter, each client
 * logs one line for each attempt to connect, at least once a second, while no broker answers.
 * Errors, such as a password that the broker refuses, are still logged directly.
 */
@Component
@ConditionalOnKafka
class KafkaOutageFilter extends OutageFilter {

  private static final String CLIENTS = "org.apache.kafka.";

  KafkaOutageFilter(OutageLog outages) {
    super("kafka", outages);
  }

  @Override
  protected @Nullable String outage(
      String logger, Level level, Supplier<String> message, @Nullable Throwable failure) {
    if (!logger.startsWith(CLIENTS) || level.isGreaterOrEqual(Level.ERROR)) {
      return null;
    }
    return failure == null ? message.get() : message.get() + " (" + failure + ")";
  }
}
