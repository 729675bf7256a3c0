package dev.waybill.platform;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;
import org.springframework.stereotype.Component;

/**
 * Sends log lines that a database outage causes through the {@link OutageLog}, whichever library or
 * class logs them: one kind per logger, without a stack trace. The queue, the connection pool and
 * Spring's scheduler each log every failed try with its stack, three causes deep. An outage of 25 s
 * made 1,300 lines on each pod.
 */
@Component
@RequiredArgsConstructor
class DatabaseOutageFilter extends TurboFilter {

  /** Logs what happens to its connections, often without the exception. */
  private static final String CONNECTION_POOL = "com.zaxxer.hikari.pool.";

  /** The whole message of the pool, without a state, after a connection broke. */
  private static final String CLOSED_BY_THE_POOL = "Connection is closed";

  private static final int MAX_CAUSES = 20;

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

  @Override
  public FilterReply decide(
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
    SQLException outage = outage(failure == null ? lastArgument(arguments) : failure);
    boolean ofThePool =
        level.isGreaterOrEqual(Level.WARN) && logger.getName().startsWith(CONNECTION_POOL);
    if (outage == null && !ofThePool) {
      return FilterReply.NEUTRAL;
    }
    String message = MessageFormatter.arrayFormat(format, arguments).getMessage();
    outages.report(
        "database, " + shortName(logger),
        outage == null ? message : message + " (" + outage.getMessage() + ")",
        null);
    return FilterReply.DENY;
  }

  /** A logger passes the exception as the last argument if the message has others. */
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

  /** The exception among the causes that says that there is no connection, or no server. */
  private static @Nullable SQLException outage(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof SQLException sql && isOutage(sql)) {
        return sql;
      }
    }
    return null;
  }

  /** 08: no connection; 57P: the server stops or starts; 53300: it takes no more connections. */
  private static boolean isOutage(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientConnectionException
        || CLOSED_BY_THE_POOL.equals(failure.getMessage())
        || state != null
            && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300"));
  }
}
