package dev.waybill.platform;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Sends log lines about an outage to the {@link OutageLog}, whichever library or class logs them.
 * All lines of one logger count as one kind of failure. Stack traces are left out.
 */
@RequiredArgsConstructor
public abstract class OutageFilter extends TurboFilter {

  /** The name of the service that is not available. Each log line starts with this name. */
  private final String what;

  private final OutageLog outages;

  @PostConstruct
  void register() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      start();
      context.addTurboFilter(this);
    }
  }

  @PreDestroy
  void unregister() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getTurboFilterList().remove(this);
    }
  }

  /**
   * The message if a log line is about an outage; null if the log line is not about an outage.
   *
   * @param message the whole message of the log line
   */
  protected abstract @Nullable String outage(
      String logger, Level level, Supplier<String> message, @Nullable Throwable failure);

  @Override
  public final FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    if (format == null
        || !level.isGreaterOrEqual(Level.INFO)
        || !logger.isEnabledFor(level)
        || logger.getName().equals(OutageLog.class.getName())) {
      return FilterReply.NEUTRAL;
    }
    String outage =
        outage(
            logger.getName(),
            level,
            () -> MessageFormatter.arrayFormat(format, arguments).getMessage(),
            failure == null ? lastArgument(arguments) : failure);
    if (outage == null) {
      return FilterReply.NEUTRAL;
    }
    outages.report(what + ", " + shortName(logger), outage, null);
    return FilterReply.DENY;
  }

  /**
   * The exception of a log line. If a log call has several arguments, the exception is the last of
   * them.
   */
  private static @Nullable Throwable lastArgument(Object @Nullable [] arguments) {
    return arguments != null
            && arguments.length > 0
            && arguments[arguments.length - 1] instanceof Throwable failure
        ? failure
        : null;
  }

  private static String shortName(Logger logger) {
    return logger.getName().substring(logger.getName().lastIndexOf('.') + 1);
  }
}
