package dev.waybill.record;

import dev.waybill.platform.OutageLog;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads a record at its source. Counts and logs failures. */
@Component
@RequiredArgsConstructor
class ReadRecord {

  private final RecordMetrics metrics;
  private final OutageLog outages;

  Optional<JsonNode> read(RecordName name, RecordKind kind)
      throws IOException, SQLException, InterruptedException {
    boolean read = false;
    try {
      Optional<JsonNode> record = kind.source().read(name.key());
      read = true;
      if (record.isEmpty()) {
        metrics.polled(RecordMetrics.Result.UNKNOWN);
      }
      return record;
    } catch (IOException | SQLException e) {
      outages.report(
          "record",
          "Cannot read records (kind %s): %s".formatted(name.kind(), e.getMessage()),
          null);
      throw e;
    } finally {
      if (!read) {
        metrics.polled(RecordMetrics.Result.FAILED);
      }
    }
  }
}
