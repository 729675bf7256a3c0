package dev.waybill.job;

import dev.waybill.event.EventType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes one chunk of a job's work to the database, except for the job's own row. */
@FunctionalInterface
public interface ChunkWork {

  /**
   * Writes the chunk in the surrounding transaction. May be called again if a deadlock has rolled
   * that transaction back.
   *
   * @param job the job as this transaction reads it; its row is locked until the transaction ends
   */
  Written write(Job job);

  /**
   * The result of writing a chunk, in the form in which clients see it.
   *
   * @param view the job including this chunk
   * @param events the events to publish; none of them is left out
   * @param sample an example of the written data, or null if there is none; of all samples, only
   *     the newest one in each second is published
   */
  record Written(JobView view, List<Notable> events, @Nullable Sample sample) {}

  /**
   * An event that every watching client gets.
   *
   * @param data one line of JSON, far smaller than a client's output buffer
   */
  record Notable(EventType type, String data) {}

  /**
   * An event that shows one example of many similar pieces of data. The other pieces need not be
   * published.
   *
   * @param data returns one line of JSON, or null if there is nothing to show; it is called by
   *     another thread after the commit, and only for some of the chunks
   */
  record Sample(EventType type, Supplier<@Nullable String> data) {}
}
