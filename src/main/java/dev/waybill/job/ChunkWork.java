package dev.waybill.job;

import dev.waybill.event.EventType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one chunk writes, apart from the job's own row. */
@FunctionalInterface
public interface ChunkWork {

  /**
   * Writes the chunk in the surrounding transaction. May be called again after a deadlock rolled
   * that transaction back.
   *
   * @param job as this transaction sees it, locked until its end
   */
  Written write(Job job);

  /**
   * What one chunk has written, and what watchers see of it.
   *
   * @param view the job with this chunk
   * @param events each of which is published
   * @param sample of which the newest is published, once a second; null if there is none
   */
  record Written(JobView view, List<Notable> events, @Nullable Sample sample) {}

  /**
   * An event that every watcher gets.
   *
   * @param data one line of JSON, far below the size of an outbox
   */
  record Notable(EventType type, String data) {}

  /**
   * An event that stands for others of its kind.
   *
   * @param data reads one line of JSON, or null where there is nothing to show; called after the
   *     commit, by another thread, and not for every chunk
   */
  record Sample(EventType type, Supplier<@Nullable String> data) {}
}
