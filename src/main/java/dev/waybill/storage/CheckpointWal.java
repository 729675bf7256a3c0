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
 * Checkpoints the write-ahead log of SQLite while imports run. The thread of this class waits for
 * the disk. Otherwise the thread that writes would have to wait for the disk every few chunks. The
 * checkpoint is a passive checkpoint: it writes only committed data, and blocks neither readers nor
 * the writer.
 *
 * <p>SQLite starts to overwrite the log from its beginning only at a moment when the whole log has
 * been checkpointed and no write is in progress. So during an import without a pause, the log
 * grows, up to about {@link SqliteConfiguration#MOST_PAGES_OF_LOG} pages.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.SQLITE)
class CheckpointWal {

  /**
   * The number of pages in the log at which a checkpoint starts. A page has 4 KB, so this is 64 MB
   * in total. An import with SKUs in random order changes pages in all parts of the table. So with
   * a lower number, checkpoints would write the same pages again and again.
   */
  static final int PAGES_BETWEEN = 16_384;

  private static final int CHECK_MILLIS = 200;

  private final JdbcClient reads;

  /**
   * Runs the checkpoints on a platform thread, because a virtual thread would block its carrier
   * thread while it waits for the disk.
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
      // Does not throw the exception, because an exception would end the schedule. The failure is
      // still reported: the writer gets the same failure, and its job reports the failure.
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
