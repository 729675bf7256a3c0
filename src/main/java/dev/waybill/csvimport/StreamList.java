package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerMemory;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Writes a whole list of a job in parts while the list is read, so memory use stays constant. If
 * rows are missing at the end, this class throws an exception. The container then closes the
 * connection without the last chunk of the body, and the client sees a failure.
 */
@Component
@RequiredArgsConstructor
class StreamList {

  private final AnswerMemory memory;
  private final Jobs jobs;

  /** A list of a job in one format. */
  interface Rows<T> {

    /**
     * The next items after a row number; empty only at the end. The implementation limits their
     * number and bytes.
     */
    List<T> after(long row);

    long number(T item);

    void write(List<T> items, OutputStream out) throws IOException;

    /**
     * The number of items that the list of this finished job must have; -1 if some items are
     * already deleted.
     */
    long expected(Job finished);
  }

  /**
   * Writes the list of a job.
   *
   * @throws IOException if the job or some of its rows were deleted while the list was written
   */
  <T> void write(Caller caller, Job begun, Rows<T> rows, OutputStream out) throws IOException {
    Part<T> part = new Part<>(rows);
    Job job = begun;
    boolean wasFinished;
    do {
      // If the job ends while its rows are read, it may have added rows that were not read yet. So
      // the loop reads one more time after the end of the job.
      wasFinished = job.status().isFinished();
      do {
        memory.continueAnswer(caller, part, out);
      } while (!part.atEnd);
      // The rows of a job are deleted in several transactions, before or after the job itself. So
      // the check below is reliable only while the job still exists.
      job = jobs.find(begun.id()).orElseThrow(() -> brokenOff(begun, "the job is forgotten", part));
    } while (!wasFinished && job.status().isFinished());
    if (wasFinished && part.count != rows.expected(job)) {
      throw brokenOff(begun, "its rows are being deleted", part);
    }
  }

  /**
   * Makes the exception for a list that is not complete. The exception is not a {@code Problem},
   * because Spring ignores a {@code Problem} after the answer has started. Then the client would
   * not notice the missing rows.
   */
  private static IOException brokenOff(Job job, String cause, Part<?> part) {
    return new IOException("job %s: %s, %d rows were sent".formatted(job.id(), cause, part.count));
  }

  /**
   * The state of an export: the row after which it continues. Only one thread may use an instance.
   */
  @RequiredArgsConstructor
  private static final class Part<T> implements AnswerMemory.Part {

    private final Rows<T> rows;
    private long after;
    private long count;
    private boolean atEnd;

    @Override
    public void writeTo(OutputStream out) throws IOException {
      List<T> items = rows.after(after);
      atEnd = items.isEmpty();
      if (!atEnd) {
        rows.write(items, out);
        after = rows.number(items.getLast());
        count += items.size();
      }
    }
  }
}
