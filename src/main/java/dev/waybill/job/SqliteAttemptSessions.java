package dev.waybill.job;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Nothing to do: one process alone has the database, and its locks die with it. */
@Component
@Profile("!postgres")
class SqliteAttemptSessions implements AttemptSessions {

  @Override
  public void mark(String jobId, int attempt) {}

  @Override
  public void endEarlier(String jobId) {}
}
