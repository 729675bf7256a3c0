package dev.waybill.answer;

import dev.waybill.access.Caller;
import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * Counts the bytes of all answers that are built in memory. No other class counts these bytes.
 * Building a part of an answer needs a large reservation, because stored values take several times
 * their size while they are read. After the build, only the size of the finished part stays
 * reserved. This reservation lasts until the client has read the part, even if the client reads
 * slowly.
 *
 * <p>Without this limit, some hundred clients that read slowly would exhaust the heap. A few
 * clients that request the largest pages at the same time would also exhaust the heap.
 */
@Slf4j
@Component
public class AnswerMemory {

  private static final double HEAP_SHARE = 0.25;

  /**
   * The number of bytes that are reserved to read and encode one part of an answer. This number is
   * much larger than {@link #PART_BYTES}.
   */
  private static final long BUILDING_BYTES = 6 << 20;

  /**
   * The number of bytes of stored data that go into one part of an answer. A single value that is
   * larger becomes a separate part.
   */
  public static final int PART_BYTES = 128 << 10;

  /** The maximum time that a request waits for memory. After this time, the request is refused. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * The time that an answer waits for memory after its first part was sent. This time is longer
   * than {@link #PATIENCE}, because an answer whose first part was sent can no longer be refused.
   * Such an answer can only be broken off.
   */
  private static final Duration PATIENCE_IN_ANSWER = Duration.ofSeconds(60);

  private final ByteBudget budget;

  /** Creates a limit that is a fixed share of the heap of this process. */
  public AnswerMemory(MeterRegistry registry) {
    long bytes = HeapBudget.ofThisProcess().bytes(HEAP_SHARE);
    budget = new ByteBudget(bytes);
    Gauge.builder("waybill.answer.bytes", budget, ByteBudget::held)
        .description("Heap reserved for answers in progress")
        .register(registry);
    log.info("Answers in progress may use {} MB of heap", bytes >> 20);
  }

  /** Builds a part of an answer. */
  public interface Part {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Sends a part that was built. */
  interface Send {
    void send(FastByteArrayOutputStream part) throws IOException;
  }

  /**
   * Builds an answer and sends it. Reserves {@code bytes} in addition to {@link #BUILDING_BYTES}.
   *
   * @throws Problem 503 {@code busy} if too many answers are in progress
   */
  void answer(Caller caller, long bytes, Part part, Send send) throws IOException {
    boolean sent = buildAndSend(caller, BUILDING_BYTES + bytes, PATIENCE, part, send);
    if (!sent) {
      throw busy();
    }
  }

  /**
   * Builds the next part of an answer whose first part was already sent, and writes it.
   *
   * @throws IOException if too many answers have been in progress for a minute; the answer breaks
   *     off
   */
  public void continueAnswer(Caller caller, Part part, OutputStream out) throws IOException {
    boolean sent =
        buildAndSend(caller, BUILDING_BYTES, PATIENCE_IN_ANSWER, part, built -> built.writeTo(out));
    if (!sent) {
      throw new IOException("No memory for the next part of the answer for a minute");
    }
  }

  private boolean buildAndSend(Caller caller, long bytes, Duration patience, Part part, Send send)
      throws IOException {
    try (ByteBudget.@Nullable Lease lease = budget.take(caller.id(), bytes, patience)) {
      if (lease == null) {
        return false;
      }
      FastByteArrayOutputStream built = new FastByteArrayOutputStream(8192);
      part.writeTo(built);
      lease.shrinkTo(built.size());
      send.send(built);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for memory");
    }
  }

  private static Problem busy() {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "busy",
            "Too many large answers are under way",
            "The server is busy with large answers. Try again in a moment, with a smaller limit.")
        .retryAfterSeconds(1);
  }
}
