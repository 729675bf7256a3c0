package dev.waybill.worker;

import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How far the calls to the workers of jobs are, in SQL that all our databases understand. */
@Repository
class CallStore {

  /** What a call is doing. */
  enum State {
    /** The next call is due some time. */
    WAITING,
    /** The same, and the output starts again. */
    RESTART,
    /** The request is sent, and no answer has come. */
    CALLING,
    /** The answer is being read. */
    STREAMING,
    /** The worker reports by calls of its own. */
    ACCEPTED
  }

  /**
   * The calls of one job.
   *
   * @param calls how many have begun
   */
  record Calls(int calls, State state) {}

  private final JdbcClient writes;
  private final JdbcClient reads;

  CallStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /** Stores in the open transaction that Waybill calls the worker of a new job. */
  void insert(String jobId) {
    writes
        .sql("INSERT INTO worker_call (job_id, calls, state) VALUES (?, 0, 'WAITING')")
        .param(jobId)
        .update();
  }

  Optional<Calls> find(String jobId) {
    return reads
        .sql("SELECT calls, state FROM worker_call WHERE job_id = ?")
        .param(jobId)
        .query((row, _) -> new Calls(row.getInt("calls"), State.valueOf(row.getString("state"))))
        .optional();
  }

  void begin(String jobId) {
    writes
        .sql("UPDATE worker_call SET calls = calls + 1, state = 'CALLING' WHERE job_id = ?")
        .param(jobId)
        .update();
  }

  void set(String jobId, State state) {
    writes
        .sql("UPDATE worker_call SET state = ? WHERE job_id = ?")
        .params(state.name(), jobId)
        .update();
  }

  void delete(String jobId) {
    writes.sql("DELETE FROM worker_call WHERE job_id = ?").param(jobId).update();
  }
}
