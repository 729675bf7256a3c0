package dev.waybill.csvimport;

import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the causes of rejections, in SQL that all supported databases understand. Writes join the
 * caller's transaction. {@link ImportStore} deletes the causes together with the rejections.
 */
@Repository
class CauseStore {

  private static final TypeReference<List<String>> SAMPLES = new TypeReference<>() {};

  private static final int CAUSES_A_BATCH = 1000;

  private final JdbcTemplate writes;
  private final JdbcClient reads;
  private final JsonMapper json;

  CauseStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads, JsonMapper json) {
    this.writes = writes;
    this.reads = reads;
    this.json = json;
  }

  /** The sums of the causes over all committed chunks of a job. */
  CauseSums of(String jobId) {
    return CauseSums.of(
        reads
            .sql(
                """
                SELECT place, code, column_name, row_count, stored_count, samples
                FROM rejection_cause WHERE job_id = ? ORDER BY place
                """)
            .param(jobId)
            .query(
                (row, _) ->
                    new CauseSum(
                        row.getInt(1),
                        new CauseKey(row.getString(2), row.getString(3)),
                        row.getLong(4),
                        row.getLong(5),
                        json.readValue(row.getString(6), SAMPLES)))
            .list());
  }

  /** Stores new sums. The new sums replace the earlier sums of the same causes. */
  void write(String jobId, List<CauseSum> sums) {
    writes.batchUpdate(
        """
        INSERT INTO rejection_cause (job_id, place, code, column_name, row_count, stored_count,
          samples)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (job_id, place) DO UPDATE SET row_count = excluded.row_count,
          stored_count = excluded.stored_count, samples = excluded.samples
        """,
        sums,
        CAUSES_A_BATCH,
        (insert, sum) -> {
          insert.setString(1, jobId);
          insert.setInt(2, sum.place());
          insert.setString(3, sum.key().code());
          insert.setString(4, sum.key().column());
          insert.setLong(5, sum.count());
          insert.setLong(6, sum.stored());
          insert.setString(7, json.writeValueAsString(sum.samples()));
        });
  }
}
