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
   * @throws FolderMissingException if the folder is not mounted or is not the shared one
   * @throws DiskFullException if there is no room for a few bytes
   * @throws IOException if it takes no bytes for another reason, such as a read-only mount
   */
  void check() throws IOException;

  /**
   * Starts a file that has no ID yet and vanishes unless it is kept.
   *
   * @throws FolderMissingException as {@link #check}
   * @throws DiskFullException if there is no room for another file
   */
  Draft begin() throws IOException;

  /**
   * Reads a file from an offset.
   *
   * @param offset in bytes, from 0; beyond the end the stream is empty
   * @throws java.nio.file.NoSuchFileException if the folder is there but the file is not
   * @throws FolderMissingException if the folder is away, so that nothing is known about the file
   */
  InputStream open(String id, long offset) throws IOException;

  /**
   * Stores a file under a second ID, without its bytes where the file system can do that. Each ID
   * is deleted on its own.
   *
   * @throws java.nio.file.NoSuchFileException if there is no file of the first ID
   * @throws DiskFullException if the bytes had to be copied and there is no room for them
   */
  void copy(String id, String newId) throws IOException;

  /** Deletes a file. Does nothing if it does not exist. */
  void delete(String id) throws IOException;

  /**
   * Deletes files that no request or job needs: drafts of requests that ended with their process,
   * and files without a job.
   *
   * @param before deletes only what was last written before this moment, so that running uploads
   *     are safe
   * @param owned whether a job still needs the file of this ID
   * @return how many were deleted
   */
  int sweep(Instant before, Predicate<String> owned) throws IOException;
}
