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
   * What a chunk has written, in the form in which clients see it.
   *
   * @param view the job including this chunk
   * @param events the events to publish; none of them is left out
   * @param sample an example of the written data; only the newest one of each second is published;
   *     null if there is none
   */
  record Written(JobView view, List<Notable> events, @Nullable Sample sample) {}

  /**
   * An event that every watching client gets.
   *
   * @param data one line of JSON, far smaller than a client's output buffer
   */
  record Notable(EventType type, String data) {}

  /**
   * An event that shows one example of many similar data, so that the others need not be published.
   *
   * @param data reads one line of JSON, or null if there is nothing to show; another thread calls
   *     it after the commit, and not for every chunk
   */
  record Sample(EventType type, Supplier<@Nullable String> data) {}
}
