package dev.waybill.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import lombok.extern.slf4j.Slf4j;

/**
 * Examines the failures of SQL statements. A failure can show that the database is damaged, or that
 * the connection can no longer be used. Thread-safe.
 */
@Slf4j
class SqliteFailures implements SQLExceptionOverride {

  private static final int CORRUPT = 11;
  private static final int CONSTRAINT = 19;
  private static final int NOT_A_DATABASE = 26;

  private volatile boolean damageReported;

  /**
   * Whether the database has reported, since the start of this process, that its file is damaged.
   * If only some pages are damaged, later statements can succeed. So a statement that succeeds does
   * not prove that the file is intact.
   */
  boolean hasReportedDamage() {
    return damageReported;
  }

  /**
   * Decides whether the pool keeps the connection. The pool calls this method for every failure.
   */
  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    if (!damageReported && (has(failure, CORRUPT) || has(failure, NOT_A_DATABASE))) {
      damageReported = true;
      log.error(
          "The database is damaged. Stop Waybill and put a backup in its place, without the files"
              + " that end in -wal and -shm",
          failure);
    }
    // BEGIN can fail, for example because another process holds the lock for too long. After such a
    // failure, the driver still assumes that a transaction is open. So each further statement on
    // this connection would be committed separately, and every commit would fail. Therefore the
    // connection is closed after every failure except a violated constraint. A violated constraint
    // does not have this effect.
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
