package dev.waybill.job;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import org.springframework.stereotype.Component;

/** Nothing to do: one process alone has the database, and its locks die with it. */
@Component
@ConditionalOnDatabase(Database.SQLITE)
class SqliteAttemptSessions implements AttemptSessions {

  @Override
  public void mark(String jobId, int attempt) {}

  @Override
  public void endEarlier(String jobId) {}
}
