package dev.waybill.job;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.time.Duration;
import java.util.List;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Marks a transaction by setting its session's {@code application_name} to {@code
 * waybill:<id>:<attempt>}.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.POSTGRES)
@RequiredArgsConstructor
class PostgresAttemptSessions implements AttemptSessions {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final JdbcClient writes;

  @Override
  public void mark(String jobId, int attempt) {
    writes
        .sql("SELECT set_config('application_name', ?, true)")
        .param(prefix(jobId) + attempt)
        .query(String.class)
        .single();
  }

  @Override
  public void endEarlier(String jobId) {
    // Calls pg_terminate_backend in the SELECT list, because PostgreSQL evaluates the SELECT list
    // only for rows that match the WHERE clause. PostgreSQL may evaluate the conditions of a WHERE
    // clause in any order. So a call in the WHERE clause could end the sessions of all jobs.
    List<Boolean> ended =
        writes
            .sql(
                """
                SELECT pg_terminate_backend(pid, ?) FROM pg_stat_activity
                WHERE starts_with(application_name, ?) AND datname = current_database()
                """)
            .params(PATIENCE.toMillis(), prefix(jobId))
            .query(Boolean.class)
            .list();
    if (!ended.isEmpty()) {
      log.warn("Job {}: ended {} sessions of earlier attempts", jobId, ended.size());
    }
  }

  private static String prefix(String jobId) {
    return "waybill:" + jobId + ":";
  }
}
