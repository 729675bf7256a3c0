package dev.waybill.worker;

import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the state of the calls to the workers of jobs. The SQL works on all supported databases.
 */
@Repository
class CallStore {

  /** The state of the calls for a job. */
  enum State {
    /** The next call waits until it is due. */
    WAITING,
    /**
     * The next call waits until it is due. When the next call starts, the output of earlier
     * attempts is dropped.
     */
    RESTART,
    /** The request was sent, but no answer has arrived yet. */
    CALLING,
    /** Waybill is reading the answer of the worker. */
    STREAMING,
    /** The worker has accepted the call and reports by its own requests to Waybill. */
    ACCEPTED
  }

  /**
   * The calls for one job.
   *
   * @param calls the number of calls that have been started
   */
  record Calls(int calls, State state) {}

  private final JdbcClient writes;
  private final JdbcClient reads;

  CallStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /** Records that Waybill must call the worker of a new job. Joins the open transaction. */
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
