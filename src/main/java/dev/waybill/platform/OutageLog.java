package dev.waybill.platform;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import lombok.Locked;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Logs failures that repeat while their cause lasts. Examples are a database that is not available
 * and a client that sends invalid data. Without this class, a database outage of 25 s produced
 * 1,300 lines on each pod.
 *
 * <p>The first failure of a kind is logged immediately, with its cause. If a database, a file or a
 * connection failed, the cause is logged as one line, because only the message of the cause is
 * useful. If the failure may be a mistake in the code, the stack trace is logged. Further failures
 * are counted and logged once a minute. After a minute without a failure of this kind, a last line
 * says that the outage is over. So each kind of failure causes at most about three log lines a
 * minute.
 *
 * <p>Safe for use by many threads.
 */
@Slf4j
@Component
public class OutageLog {

  /** The time between two summaries. An outage is over after this time without a failure. */
  static final Duration INTERVAL = Duration.ofMinutes(1);

  /**
   * The maximum number of kinds of failures. Kinds are constants in the code, so a larger number is
   * a mistake in the code.
   */
  static final int MAX_KINDS = 100;

  static final int MAX_MESSAGE_LENGTH = 500;
  private static final int MAX_CAUSES = 20;
  private static final String OTHER = "other";

  private final LongSupplier nanos;

  private final ScopedLock lock = new ScopedLock();
  private final Map<String, Outage> outages = new HashMap<>(); // guarded by the lock of this object

  public OutageLog() {
    this(System::nanoTime);
  }

  OutageLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Reports one failure.
   *
   * @param kind the kind of the failure, such as {@code storage}; a constant in the code, never a
   *     text that a client sent
   * @param message says what could not be done. The message may contain text that a client sent. So
   *     control characters are replaced, and the message is cut after 500 characters
   * @param cause the cause of the failure; null if it gives no information, for example if a client
   *     sent invalid data
   */
  @Locked("lock")
  public void report(String kind, String message, @Nullable Throwable cause) {
    String known = outages.containsKey(kind) || outages.size() < MAX_KINDS ? kind : OTHER;
    long now = nanos.getAsLong();
    summarise(now);
    Outage outage = outages.get(known);
    Throwable outside = cause == null ? null : failureOutside(cause);
    Throwable shownCause = outside == null ? cause : outside;
    String line =
        shortened(message)
            + (shownCause == null ? "" : " (" + shortened(shownCause.toString()) + ")");
    if (outage != null) {
      outage.failedAgain(now, line);
      return;
    }
    outages.put(known, new Outage(now));
    if (cause == null || outside != null) {
      log.warn("{}: {}", known, line);
      log.debug("{}: the stack trace of the first failure", known, cause);
    } else {
      log.warn("{}: {}", known, shortened(message), cause);
    }
  }

  /** Logs the summaries that are due, and removes the outages that are over. */
  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  void summarise() {
    try (var _ = lock.hold()) {
      summarise(nanos.getAsLong());
    }
  }

  private void summarise(long now) {
    for (Iterator<Map.Entry<String, Outage>> each = outages.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<String, Outage> entry = each.next();
      Outage outage = entry.getValue();
      if (outage.sinceSummary > 0 && now - outage.lastLine >= INTERVAL.toNanos()) {
        log.warn(
            "{}: {} more in the last {} s, the last one: {}",
            entry.getKey(),
            outage.sinceSummary,
            TimeUnit.NANOSECONDS.toSeconds(now - outage.lastLine),
            outage.lastMessage);
        outage.sinceSummary = 0;
        outage.lastLine = now;
      }
      if (now - outage.last >= INTERVAL.toNanos()) {
        if (outage.count > 1) {
          log.info(
              "{}: over, {} failures in {} s; none in the last {} s",
              entry.getKey(),
              outage.count,
              TimeUnit.NANOSECONDS.toSeconds(outage.last - outage.first),
              TimeUnit.NANOSECONDS.toSeconds(now - outage.last));
        }
        each.remove();
      }
    }
  }

  /**
   * Finds, in the chain of causes, the exception that shows that something outside this process
   * failed.
   */
  private static @Nullable Throwable failureOutside(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof SQLException || cause instanceof IOException) {
        return cause;
      }
    }
    return null;
  }

  private static String shortened(String message) {
    String cut =
        message.length() <= MAX_MESSAGE_LENGTH
            ? message
            : message.substring(0, MAX_MESSAGE_LENGTH) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  /** Failures of one kind that follow each other within a minute. */
  private static final class Outage {

    private final long first;
    private long last;
    private long lastLine;
    private long count = 1;
    private long sinceSummary;
    private String lastMessage = "";

    Outage(long now) {
      first = now;
      last = now;
      lastLine = now;
    }

    void failedAgain(long now, String message) {
      last = now;
      count++;
      sinceSummary++;
      lastMessage = message;
    }
  }
}
