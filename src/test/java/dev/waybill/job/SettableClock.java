package dev.waybill.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that starts in the past and stands still until a test moves it. So everything that the
 * queue delays is due immediately by the scheduler's own clock, and no test waits for a pause.
 */
public final class SettableClock extends Clock {

  public static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

  private volatile Instant now = START;

  public void pass(Duration time) {
    now = now.plus(time);
  }

  public void reset() {
    now = START;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
