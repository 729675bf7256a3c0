package dev.waybill.job;

import java.util.List;
import java.util.function.Supplier;

/** What one chunk writes, apart from the job's own row. */
@FunctionalInterface
public interface ChunkWork {

  /** So many rejected rows of a job are told one by one; later ones are only counted. */
  int TOLD_REJECTIONS = 100;

  /**
   * Writes the chunk in the surrounding transaction. May be called again after that was rolled back
   * by a deadlock.
   */
  Written write();

  /**
   * A chunk as written.
   *
   * @param counts what became of its rows
   * @param bytesRead how much of the uploaded file is covered up to the chunk's end
   * @param newest reads the last accepted products, at most 5 as JSON objects, newest last; called
   *     after the commit, by another thread, and not for every chunk
   * @param rejections the rejected rows as JSON objects, in the order of the file; those after the
   *     first {@link #TOLD_REJECTIONS} may be left out
   */
  record Written(
      Counts counts, long bytesRead, Supplier<List<String>> newest, List<String> rejections) {}
}
