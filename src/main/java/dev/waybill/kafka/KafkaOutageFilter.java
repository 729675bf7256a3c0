package dev.waybill.kafka;

import ch.qos.logback.classic.Level;
import dev.waybill.platform.OutageFilter;
import dev.waybill.platform.OutageLog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends the warnings of Kafka's clients through the {@link OutageLog}. Without a broker each client
 * logs one line for each try to connect, once a second and more.
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
    if (!logger.startsWith(CLIENTS)) {
      return null;
    }
    return failure == null ? message.get() : message.get() + " (" + failure + ")";
  }
}
