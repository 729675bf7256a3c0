package dev.waybill.channel;

import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * Reads the bodies of requests that publish. Limits how many bodies are read at the same time, so
 * that all bodies fit into the heap.
 */
@Component
@RequiredArgsConstructor
class ReadBody {

  /**
   * The memory in bytes that one request takes while it is read: its body as bytes, as text and as
   * JSON.
   */
  private static final long BYTES_OF_A_REQUEST = 8L * ReadEvents.MAX_BATCH_BYTES;

  private static final double HEAP_SHARE = 0.15;
  private static final int MOST_READERS = 64;
  private static final int RETRY_SECONDS = 1;

  private final ReadEvents readEvents;

  /**
   * Has one permit for each request whose body may be read at the same time. The time for reading a
   * body is limited, so every permit is released.
   */
  private final Semaphore readers =
      new Semaphore(HeapBudget.ofThisProcess().count(HEAP_SHARE, BYTES_OF_A_REQUEST, MOST_READERS));

  /** Reads a body that is one event as JSON. */
  NewEvent one(HttpServletRequest request, DataSize largest) throws IOException {
    return read(request, body -> List.of(readEvents.one(body, largest))).getFirst();
  }

  /** Reads a body of several events, one JSON object per line. */
  List<NewEvent> batch(HttpServletRequest request, DataSize largest) throws IOException {
    return read(request, body -> readEvents.batch(body, largest));
  }

  private interface Parse {
    List<NewEvent> events(byte[] body);
  }

  private List<NewEvent> read(HttpServletRequest request, Parse parse) throws IOException {
    if (!readers.tryAcquire()) {
      throw Problem.of(
              HttpStatus.SERVICE_UNAVAILABLE,
              "unavailable",
              "The service is busy",
              "Too many requests publish at this moment. Try again.")
          .retryAfterSeconds(RETRY_SECONDS);
    }
    try {
      return parse.events(body(request));
    } finally {
      readers.release();
    }
  }

  private static byte[] body(HttpServletRequest request) throws IOException {
    int most = ReadEvents.MAX_BATCH_BYTES;
    if (request.getContentLengthLong() > most) {
      throw tooLarge(most);
    }
    byte[] body = request.getInputStream().readNBytes(most + 1);
    if (body.length > most) {
      throw tooLarge(most);
    }
    return body;
  }

  private static Problem tooLarge(int most) {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "The body is too large",
        "At most %d bytes are taken at once.".formatted(most));
  }
}
