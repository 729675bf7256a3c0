package dev.waybill.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import lombok.extern.slf4j.Slf4j;

/** What failed statements tell of the database and of their connection. Thread-safe. */
@Slf4j
class SqliteFailures implements SQLExceptionOverride {

  private static final int CORRUPT = 11;
  private static final int CONSTRAINT = 19;
  private static final int NOT_A_DATABASE = 26;

  private volatile boolean toldOfDamage;

  /**
   * Whether the database has ever answered that its file is damaged. Only some of its pages may be,
   * so a statement that works is no sign of health; this stays true until the next start.
   */
  boolean haveToldOfDamage() {
    return toldOfDamage;
  }

  /** Called with every failure. */
  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    if (!toldOfDamage && (has(failure, CORRUPT) || has(failure, NOT_A_DATABASE))) {
      toldOfDamage = true;
      log.error(
          "The database is damaged. Stop Waybill and put a backup in its place, without the files"
              + " that end in -wal and -shm",
          failure);
    }
    // Where BEGIN fails, because another process holds the lock for too long, say, the driver
    // believes from then on that it has begun: each statement on that connection would commit by
    // itself, and no commit succeed. What is at fault with a row alone does no such harm.
    return has(failure, CONSTRAINT) ? Override.CONTINUE_EVICT : Override.MUST_EVICT;
  }

  private static boolean has(Throwable failure, int code) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (sql.getErrorCode() & 0xFF) == code) {
        return true;
      }
    }
    return false;
  }
}
