package dev.waybill.platform;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The clock of the database, as an SQL expression. Leases use this clock, because the clocks of
 * pods can differ, and the clock of a pod that was frozen can be behind.
 */
@Component
public class DatabaseClock {

  private final String millis;

  public DatabaseClock(Environment environment) {
    millis =
        switch (Database.of(environment)) {
          case SQLITE -> "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
          case POSTGRES -> "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";
        };
  }

  /** An SQL expression for the current time in milliseconds since 1970. */
  public String millis() {
    return millis;
  }
}
