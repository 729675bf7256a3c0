package dev.waybill.job;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import org.springframework.stereotype.Component;

/**
 * Does nothing, because no earlier attempt can hold locks in SQLite. Only one process uses a SQLite
 * database, and when this process ends, SQLite releases its locks.
 */
@Component
@ConditionalOnDatabase(Database.SQLITE)
class SqliteAttemptSessions implements AttemptSessions {

  @Override
  public void mark(String jobId, int attempt) {}

  @Override
  public void endEarlier(String jobId) {}
}
