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
 * Writes a whole list of a job, part after part as it is read, in flat memory. An export that does
 * not hold all it should breaks off: the container then closes the connection without the last
 * chunk of the body, and the client sees a failure.
 */
@Component
@RequiredArgsConstructor
class StreamList {

  private final AnswerMemory memory;
  private final Jobs jobs;

  /** A list of a job in one form. */
  interface Rows<T> {

    /** Some items after a row number; none only at the end. Limited in bytes by itself. */
    List<T> after(long row);

    long number(T item);

    void write(List<T> items, OutputStream out) throws IOException;

    /** How many items the list of this finished job must have; -1 where some are gone already. */
    long expected(Job finished);
  }

  /**
   * Writes the list of a job.
   *
   * @throws IOException where the job was forgotten or rows were deleted meanwhile
   */
  <T> void write(Caller caller, Job begun, Rows<T> rows, OutputStream out) throws IOException {
    Part<T> part = new Part<>(rows);
    Job job = begun;
    boolean wasFinished;
    do {
      // A job that ends while its rows are read brings some more: they are read too.
      wasFinished = job.status().isFinished();
      do {
        memory.continueAnswer(caller, part, out);
      } while (!part.atEnd);
      // Its rows are deleted before the job is, or after it, and in several transactions.
      job = jobs.find(begun.id()).orElseThrow(() -> brokenOff(begun, "the job is forgotten", part));
    } while (!wasFinished && job.status().isFinished());
    if (wasFinished && part.count != rows.expected(job)) {
      throw brokenOff(begun, "its rows are being deleted", part);
    }
  }

  /** No problem: Spring would swallow one once the answer has begun. */
  private static IOException brokenOff(Job job, String cause, Part<?> part) {
    return new IOException("job %s: %s, %d rows were sent".formatted(job.id(), cause, part.count));
  }

  /** Where an export is. For one thread. */
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
