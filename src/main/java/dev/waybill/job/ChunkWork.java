package dev.waybill.job;

import java.util.List;
import java.util.function.Supplier;

/** What one chunk writes, apart from the job's own row. */
@FunctionalInterface
public interface ChunkWork {

  /** This many rejected rows of a job are published one by one. Later ones are only counted. */
  int PUBLISHED_REJECTIONS = 100;

  /**
   * Writes the chunk in the surrounding transaction. May be called again after a deadlock rolled
   * that transaction back.
   */
  Written write();

  /**
   * What one chunk has written.
   *
   * @param counts what became of its rows
   * @param bytesRead how many bytes of the uploaded file this chunk and all before it cover
   * @param newest reads the last accepted products as JSON objects, at most 5, newest last; called
   *     after the commit, by another thread, and not for every chunk
   * @param rejections the rejected rows as JSON objects, in the order of the file; those after the
   *     first {@link #PUBLISHED_REJECTIONS} may be left out
   */
  record Written(
      Counts counts, long bytesRead, Supplier<List<String>> newest, List<String> rejections) {}
}
