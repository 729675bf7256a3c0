package dev.waybill.storage;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Moves the write-ahead log into the database beside the imports. It waits for the disk, for which
 * the writer would have to wait otherwise, once every few chunks. A passive checkpoint writes
 * nothing that a transaction has not committed, and stops neither readers nor the writer.
 *
 * <p>The log begins anew only where all of it was moved while nobody wrote; so during an import
 * without a pause it grows, to about {@link SqliteConfiguration#MOST_PAGES_OF_LOG}.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.SQLITE)
class CheckpointWal {

  /**
   * Pages of 4 KB that wait to be moved, before that is done: 64 MB. Skus in no order touch pages
   * all over the table: with fewer the same pages are moved again and again.
   */
  static final int PAGES_BETWEEN = 16_384;

  private static final int LOOK_MILLIS = 200;

  private final JdbcClient reads;

  /** A platform thread, since a virtual one would keep its carrier while it waits for the disk. */
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("checkpoint").daemon().factory());

  CheckpointWal(@Qualifier("reads") JdbcClient reads) {
    this.reads = reads;
  }

  @PostConstruct
  void start() {
    thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Waits for a checkpoint under way. */
  @PreDestroy
  void stop() {
    thread.close();
  }

  final void look() {
    try {
      if (pagesToMove() >= PAGES_BETWEEN) {
        pagesLeft("PASSIVE");
      }
    } catch (RuntimeException e) {
      // The writer meets the same trouble, and its job tells it. Thrown, it would end the looks.
      log.debug("Could not move the write-ahead log into the database", e);
    }
  }

  int pagesToMove() {
    return pagesLeft("NOOP");
  }

  private int pagesLeft(String mode) {
    return reads
        .sql("PRAGMA wal_checkpoint(%s)".formatted(mode))
        .query((row, _) -> row.getInt("log") - row.getInt("checkpointed"))
        .single();
  }
}
