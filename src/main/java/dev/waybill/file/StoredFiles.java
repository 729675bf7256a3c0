package dev.waybill.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * The uploaded files. The ID of a file is the transaction ID of its job or the ID of its preview.
 * Thread-safe. An ID consists of 1 to 64 letters, digits, {@code -} and {@code _}. For any other
 * ID, every method throws {@link IllegalArgumentException}.
 */
public interface StoredFiles {

  /**
   * Checks that the folder of the files exists, is the right folder, and can be written. Writes and
   * deletes a small file. Can block for as long as the file system blocks, for example on a network
   * mount whose server does not answer.
   *
   * @throws FolderMissingException if the folder is not mounted or is not the folder that all pods
   *     share
   * @throws DiskFullException if there is no space for a few bytes
   * @throws IOException if the folder cannot be written for another reason, such as a read-only
   *     mount
   */
  void check() throws IOException;

  /**
   * Starts a new file without an ID. Closing the draft deletes the file, unless {@link
   * Draft#keepAs} was called.
   *
   * @throws FolderMissingException in the same cases as {@link #check}
   * @throws DiskFullException if there is no space for another file
   */
  Draft begin() throws IOException;

  /**
   * Reads a file from an offset.
   *
   * @param offset in bytes, from 0; after the end of the file, the stream is empty
   * @throws java.nio.file.NoSuchFileException if the folder exists but the file does not exist
   * @throws FolderMissingException if the folder is missing, so that it is unknown whether the file
   *     exists
   */
  InputStream open(String id, long offset) throws IOException;

  /**
   * Stores a file under a second ID. If the file system supports links, the bytes are not copied.
   * Deleting the file under one ID does not delete it under the other ID.
   *
   * @throws java.nio.file.NoSuchFileException if there is no file with the first ID
   * @throws DiskFullException if the bytes must be copied and the disk has no space for them
   */
  void copy(String id, String newId) throws IOException;

  /** Deletes a file. Does nothing if the file does not exist. */
  void delete(String id) throws IOException;

  /**
   * Deletes files that no request or job needs. Such files are the drafts of requests that were
   * open when the process crashed, and files that no job or preview owns.
   *
   * @param before deletes only files that were last written before this moment, so that the files
   *     of running uploads are not deleted
   * @param owned whether a job or a preview still needs the file with this ID
   * @return the number of files that were deleted
   */
  int sweep(Instant before, Predicate<String> owned) throws IOException;
}
