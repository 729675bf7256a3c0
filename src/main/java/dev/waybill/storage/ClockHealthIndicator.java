package dev.waybill.storage;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reports whether this pod's clock agrees with the clock of PostgreSQL. The heartbeat of a job
 * contains the time of the pod that runs the job, and other pods compare this time with their own
 * clocks. If a pod's clock is behind, other pods would take over its running jobs. If a pod's clock
 * is ahead, this pod would take over the running jobs of other pods.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.POSTGRES)
class ClockHealthIndicator implements HealthIndicator {

  static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final JdbcClient reads;
  private final Clock clock;
  private volatile Duration ahead = Duration.ZERO;

  ClockHealthIndicator(@Qualifier("reads") JdbcClient reads, Clock clock) {
    this.reads = reads;
    this.clock = clock;
    compare();
  }

  @Override
  public Health health() {
    if (agrees(ahead)) {
      return Health.up().build();
    }
    return Health.down()
        .withDetail("reason", "this pod's clock differs from PostgreSQL's: set them by NTP")
        .withDetail("milliseconds ahead", ahead.toMillis())
        .build();
  }

  /**
   * Reads the time of PostgreSQL and stores the difference between the clocks. If PostgreSQL does
   * not answer, the next call tries again.
   */
  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  final void compare() {
    try {
      long before = clock.millis();
      double theirs =
          reads
              .sql("SELECT extract(epoch FROM clock_timestamp()) * 1000")
              .query(Double.class)
              .single();
      long after = clock.millis();
      judge(Duration.ofMillis(leastDifference(before, (long) theirs, after)));
    } catch (DataAccessException e) {
      log.debug("Cannot ask PostgreSQL for the time", e);
    }
  }

  /**
   * The smallest possible difference between the two clocks, in milliseconds; negative if this
   * pod's clock is behind. PostgreSQL has read its clock at some moment between {@code before} and
   * {@code after}. So this method does not count the part of the difference that the delay between
   * these two times can explain.
   */
  static long leastDifference(long before, long theirs, long after) {
    return theirs < before ? before - theirs : Math.min(0, after - theirs);
  }

  private void judge(Duration found) {
    if (agrees(ahead) && !agrees(found)) {
      log.error(
          "Not ready: this pod's clock is {} ms ahead of PostgreSQL's (at most {} ms either way)",
          found.toMillis(),
          TOLERANCE.toMillis());
    } else if (!agrees(ahead) && agrees(found)) {
      log.info("This pod's clock agrees with PostgreSQL's again");
    }
    ahead = found;
  }

  private static boolean agrees(Duration ahead) {
    return ahead.abs().compareTo(TOLERANCE) <= 0;
  }
}
