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
 * Checkpoints the write-ahead log of SQLite while imports run. This thread waits for the disk, so
 * the writer does not have to wait for it every few chunks. A passive checkpoint writes only
 * committed data, and blocks neither readers nor the writer.
 *
 * <p>SQLite overwrites the log from its beginning only after a moment when all of the log was
 * checkpointed and nothing was written. So during an import without a pause the log grows, up to
 * about {@link SqliteConfiguration#MOST_PAGES_OF_LOG}.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.SQLITE)
class CheckpointWal {

  /**
   * A checkpoint starts when this many pages of 4 KB are waiting: 64 MB. Skus in random order
   * change pages all over the table. So with a lower limit, checkpoints would write the same pages
   * again and again.
   */
  static final int PAGES_BETWEEN = 16_384;

  private static final int CHECK_MILLIS = 200;

  private final JdbcClient reads;

  /**
   * A platform thread, because a virtual thread would block its carrier thread while it waits for
   * the disk.
   */
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("checkpoint").daemon().factory());

  CheckpointWal(@Qualifier("reads") JdbcClient reads) {
    this.reads = reads;
  }

  @PostConstruct
  void start() {
    thread.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Waits until a running checkpoint has ended. */
  @PreDestroy
  void stop() {
    thread.close();
  }

  final void check() {
    try {
      if (pagesToMove() >= PAGES_BETWEEN) {
        pagesLeft("PASSIVE");
      }
    } catch (RuntimeException e) {
      // Do not throw: an exception would end the schedule. The writer gets the same failure, and
      // its job reports it.
      log.debug("Cannot checkpoint the write-ahead log", e);
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
