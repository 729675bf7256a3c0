package dev.waybill.worker;

import dev.waybill.outgoing.OpenCall;
import dev.waybill.worker.CalledWorkers.CalledWorker;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the response of a worker as the output of a job, and reports each piece as soon as it
 * arrives.
 */
@Component
@RequiredArgsConstructor
class ReadStream {

  private static final int BUFFER = 16 * 1024;

  private final JsonMapper json;

  /**
   * @param apply a function that applies reports and returns whether the job is still running
   * @return whether the response is complete and the job is still running
   * @throws IOException if the response is incomplete, is too large or has an unknown format
   */
  boolean read(OpenCall open, CalledWorker worker, Predicate<List<Report>> apply)
      throws IOException {
    StreamedPieces pieces =
        StreamedPieces.of(open.header("Content-Type"), worker.pointer(), json)
            .orElseThrow(() -> new IOException("the answer is no stream of a known form"));
    InputStream in = open.body();
    byte[] buffer = new byte[BUFFER];
    long left = worker.maxSize().toBytes();
    int read;
    while ((read = in.read(buffer)) >= 0) {
      left -= read;
      if (left < 0) {
        throw new IOException("the answer is too large");
      }
      if (!applied(pieces.take(buffer, read), apply)) {
        return false;
      }
    }
    if (!open.saysWhereItEnds()) {
      throw new IOException("the answer does not say where it ends");
    }
    return applied(pieces.end(), apply);
  }

  private static boolean applied(List<String> chunks, Predicate<List<Report>> apply) {
    if (chunks.isEmpty()) {
      return true;
    }
    List<Report> reports = new ArrayList<>();
    chunks.forEach(chunk -> reports.add(new Report.Chunk(null, chunk)));
    return apply.test(reports);
  }
}
