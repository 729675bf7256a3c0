package dev.waybill.csvimport;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks in a separate thread while the importing thread writes earlier chunks. At most one
 * chunk waits between the two threads, so memory use stays constant for any size of file.
 */
final class ParseAhead implements AutoCloseable {

  private static final int CHUNKS_BETWEEN = 1;
  private static final Duration JOIN = Duration.ofSeconds(10);

  /**
   * A step that the parser passes to the importing thread. The chunks come first. After the chunks,
   * either the end or a failure follows.
   */
  private sealed interface Step {
    record Parsed(Chunk chunk) implements Step {}

    record End() implements Step {}

    record Failed(Throwable cause) implements Step {}
  }

  /** Reads the next chunk; null at the end of the file. */
  interface Source {
    @Nullable Chunk next() throws Exception;
  }

  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(CHUNKS_BETWEEN);
  private final Thread parser;

  ParseAhead(String jobId, Source source) {
    parser = Thread.ofPlatform().name("parse-" + jobId).daemon().start(() -> parse(source));
  }

  private void parse(Source source) {
    try {
      Step last;
      try {
        for (Chunk chunk; (chunk = source.next()) != null; ) {
          steps.put(new Step.Parsed(chunk));
        }
        last = new Step.End();
      } catch (InterruptedException closed) {
        throw closed;
      } catch (Throwable failure) {
        last = new Step.Failed(failure);
      }
      steps.put(last);
    } catch (InterruptedException closed) {
      // The importing thread has stopped and takes no more chunks.
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The next chunk, or null at the end of the file. Blocks.
   *
   * @param whileWaiting called repeatedly while there is no chunk yet; may throw an exception to
   *     end the wait
   * @throws IOException if the source threw this exception; unchecked exceptions of the source are
   *     thrown, too
   */
  @Nullable Chunk next(Duration interval, Runnable whileWaiting)
      throws IOException, InterruptedException {
    Step step;
    while ((step = steps.poll(interval.toMillis(), TimeUnit.MILLISECONDS)) == null) {
      whileWaiting.run();
      if (!parser.isAlive() && steps.isEmpty()) {
        throw new IllegalStateException("the parser thread ended without a result");
      }
    }
    return switch (step) {
      case Step.Parsed(Chunk chunk) -> chunk;
      case Step.End() -> null;
      case Step.Failed(RuntimeException cause) -> throw cause;
      case Step.Failed(Error cause) -> throw cause;
      case Step.Failed(IOException cause) -> throw cause;
      case Step.Failed(Throwable cause) -> throw new IllegalStateException(cause);
    };
  }

  /** Stops the parser and waits up to 10 s for its end, so that the file is no longer read. */
  @Override
  public void close() {
    parser.interrupt();
    try {
      parser.join(JOIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
