package dev.waybill.job;

import dev.waybill.event.EventType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes one chunk (a part of a job's work) to the database. Does not write the job's own row. */
@FunctionalInterface
public interface ChunkWork {

  /**
   * Writes the chunk in the surrounding transaction. Called again for the same chunk if a deadlock
   * has rolled the transaction back.
   *
   * @param job the job as this transaction reads it; the row of the job is locked until the
   *     transaction ends
   */
  Written write(Job job);

  /**
   * The result of writing a chunk, in the form in which clients see it.
   *
   * @param view the job including this chunk
   * @param events the events to publish; each of these events is published
   * @param sample an example of the written data, or null if there is no example; of all samples,
   *     only the newest one in each second is published
   */
  record Written(JobView view, List<Notable> events, @Nullable Sample sample) {}

  /**
   * An event that every watching client gets.
   *
   * @param data one line of JSON, far smaller than a client's output buffer
   */
  record Notable(EventType type, String data) {}

  /**
   * An event that shows one example, such as one row, of many similar pieces of data. The other
   * pieces need not be published.
   *
   * @param data returns one line of JSON, or null if there is nothing to show. Another thread calls
   *     this function after the commit, and only for some of the chunks
   */
  record Sample(EventType type, Supplier<@Nullable String> data) {}
}
