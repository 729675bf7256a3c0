package dev.waybill.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import lombok.extern.slf4j.Slf4j;

/**
 * Learns from failed statements whether the database is damaged, and whether their connection can
 * still be used. Thread-safe.
 */
@Slf4j
class SqliteFailures implements SQLExceptionOverride {

  private static final int CORRUPT = 11;
  private static final int CONSTRAINT = 19;
  private static final int NOT_A_DATABASE = 26;

  private volatile boolean damageReported;

  /**
   * Whether the database has ever reported that its file is damaged. Only some pages may be
   * damaged, so a statement that works proves nothing. This stays true until the next start.
   */
  boolean hasReportedDamage() {
    return damageReported;
  }

  /** Called by the pool with every failure. */
  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    if (!damageReported && (has(failure, CORRUPT) || has(failure, NOT_A_DATABASE))) {
      damageReported = true;
      log.error(
          "The database is damaged. Stop Waybill and put a backup in its place, without the files"
              + " that end in -wal and -shm",
          failure);
    }
    // If BEGIN fails, for example because another process holds the lock for too long, the driver
    // still believes that a transaction is open. Each statement on that connection would commit
    // by itself, and every commit would fail. A violated constraint does no such harm.
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
