package dev.waybill.record;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads records of one kind from the system to which they belong. Thread-safe. */
interface RecordSource {

  Duration TIMEOUT = Duration.ofSeconds(5);

  /** The maximum size of a record, in bytes of JSON. */
  int MOST_BYTES = 64 * 1024;

  /**
   * Reads a record; blocks for up to {@link #TIMEOUT}.
   *
   * @return the record; empty if the record does not exist
   * @throws IOException if the source does not answer, or its answer is not a record
   */
  Optional<JsonNode> read(String key) throws IOException, SQLException, InterruptedException;
}
