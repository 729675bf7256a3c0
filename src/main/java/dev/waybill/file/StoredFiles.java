package dev.waybill.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * The uploaded files, each under the transaction ID of its job. Thread-safe. Every method throws
 * {@link IllegalArgumentException} for an ID that is not 1 to 64 letters, digits, {@code -} and
 * {@code _}.
 */
public interface StoredFiles {

  /**
   * Checks that the folder of the files is there, is the right one, and takes bytes. Writes and
   * deletes a small file. May block for as long as the file system does, for example on a network
   * mount whose server is away.
   *
   * @throws FolderMissingException where the folder is not mounted or is not the shared one
   * @throws DiskFullException where there is no room for a few bytes
   * @throws IOException where it takes no bytes for another reason, such as a read-only mount
   */
  void check() throws IOException;

  /**
   * Starts a file that has no ID yet and vanishes unless it is kept.
   *
   * @throws FolderMissingException as {@link #check}
   * @throws DiskFullException where there is no room for another file
   */
  Draft begin() throws IOException;

  /**
   * A file's bytes from an offset on.
   *
   * @param offset in bytes, from 0; behind the end there is nothing to read
   * @throws java.nio.file.NoSuchFileException where the folder is there but the file is not
   * @throws FolderMissingException where the folder is away, so that nothing is known of the file
   */
  InputStream open(String id, long offset) throws IOException;

  /** Deletes a file; one that is not there is none the worse. */
  void delete(String id) throws IOException;

  /**
   * Deletes what nobody will ask for again: drafts of requests that ended with their process, and
   * files without a job.
   *
   * @param before only what was last written before this moment; leave running uploads their time
   * @param owned whether a job still needs the file of this ID
   * @return how many were deleted
   */
  int sweep(Instant before, Predicate<String> owned) throws IOException;
}
