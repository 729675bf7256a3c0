package dev.waybill.kafka;

import ch.qos.logback.classic.Level;
import dev.waybill.platform.OutageFilter;
import dev.waybill.platform.OutageLog;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends the warnings of Kafka's clients to the {@link OutageLog}, and also errors without an
 * exception, such as a password that a broker refuses, and errors about files, such as a key store
 * that is missing. Without this filter, each client logs one line for each attempt to connect, at
 * least once a second while no broker answers. An error with another exception may be a mistake in
 * the code, so it is logged directly, with its stack trace.
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
    boolean isFault =
        level.isGreaterOrEqual(Level.ERROR) && failure != null && !(failure instanceof IOException);
    if (!logger.startsWith(CLIENTS) || !level.isGreaterOrEqual(Level.WARN) || isFault) {
      return null;
    }
    return failure == null ? message.get() : message.get() + " (" + failure + ")";
  }
}
