package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.http.ArrivedBytes;
import dev.waybill.job.AttemptToken;
import dev.waybill.problem.Problem;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Receives the reports of one request, one report on each line, and applies the reports as they
 * arrive. Used by the thread of the request, which is a virtual thread.
 *
 * <p>This class checks regularly whether new bytes have arrived, and does not block in a read,
 * because another thread cannot interrupt a blocked read. While the client sends nothing, the
 * request must still end if the job is cancelled, if a newer request arrives, or if the worker has
 * been silent for too long.
 */
@RequiredArgsConstructor
final class ReceiveReports {

  static final Duration IDLE = Duration.ofSeconds(30);

  private static final long SHORTEST_LOOK_MILLIS = 1;
  private static final long LONGEST_LOOK_MILLIS = 20;

  /** The maximum number of reports in one transaction. */
  private static final int MOST_TOGETHER = 500;

  private final AttemptToken token;
  private final OpenBodies.Body body;
  private final ApplyReports applyReports;
  private final ReadReports readReports;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final List<Report> waiting = new ArrayList<>();
  private @Nullable Problem refusal;
  private boolean over;
  private int accepted;
  private long lastSequence;
  private boolean cancelRequested;

  int accepted() {
    return accepted;
  }

  long lastSequence() {
    return lastSequence;
  }

  boolean cancelRequested() {
    return cancelRequested;
  }

  /** The reason why a report was refused; null if no report was refused. */
  @Nullable Problem refusal() {
    return refusal;
  }

  /**
   * Reads reports until the body ends, a report is refused, or the request must end.
   *
   * @throws IOException if the client has left; the reports that arrived before are applied
   */
  void receive(HttpServletRequest request) throws IOException {
    ServletInputStream in = request.getInputStream();
    byte[] buffer = new byte[16 * 1024];
    long arrivedAt = System.nanoTime();
    long look = SHORTEST_LOOK_MILLIS;
    while (!over) {
      if (ArrivedBytes.any(request, in)) {
        int read = in.read(buffer);
        if (read < 0) {
          endOfLine();
          apply();
          return;
        }
        take(buffer, read);
        apply();
        arrivedAt = System.nanoTime();
        look = SHORTEST_LOOK_MILLIS;
      } else if (body.isEnded() || System.nanoTime() - arrivedAt > IDLE.toNanos()) {
        return;
      } else {
        pause(look);
        look = Math.min(2 * look, LONGEST_LOOK_MILLIS);
      }
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while waiting for reports", e);
    }
  }

  private void take(byte[] bytes, int length) {
    int from = 0;
    for (int i = 0; i < length && !over; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, from, i - from);
        endOfLine();
        from = i + 1;
        if (waiting.size() >= MOST_TOGETHER) {
          apply();
        }
      }
    }
    if (!over) {
      line.write(bytes, from, length - from);
      if (line.size() > ReadReports.MAX_REPORT_BYTES) {
        refuse(WorkerProblems.tooLarge("A report", ReadReports.MAX_REPORT_BYTES));
      }
    }
  }

  private void endOfLine() {
    if (refusal != null) {
      return;
    }
    try {
      if (line.size() > ReadReports.MAX_REPORT_BYTES) {
        throw WorkerProblems.tooLarge("A report", ReadReports.MAX_REPORT_BYTES);
      }
      String text = line.toString(UTF_8);
      if (!text.isBlank()) {
        waiting.add(readReports.read(text, true));
      }
    } catch (Problem problem) {
      refuse(problem);
    } finally {
      line.reset();
    }
  }

  /**
   * Applies the reports that came before the refused report. Then refuses this report and ends the
   * request.
   */
  private void refuse(Problem problem) {
    apply();
    if (refusal == null) {
      refusal = problem;
    }
    over = true;
  }

  private void apply() {
    if (waiting.isEmpty() || refusal != null) {
      return;
    }
    ApplyReports.Outcome outcome = applyReports.apply(token, body.id(), true, List.copyOf(waiting));
    waiting.clear();
    accepted += outcome.accepted();
    lastSequence = outcome.lastSequence();
    cancelRequested = outcome.cancelRequested();
    refusal = outcome.refusal();
    over = refusal != null || outcome.replaced();
  }
}
