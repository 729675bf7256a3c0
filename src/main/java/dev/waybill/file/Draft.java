package dev.waybill.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file that is still being received. Closing deletes it, unless it was kept. For one thread at a
 * time.
 */
public interface Draft extends Closeable {

  /**
   * Appends bytes.
   *
   * @throws DiskFullException if there is no room for them
   */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** The number of bytes written so far. */
  long size();

  /** Reads what was written so far, from an offset in bytes. */
  InputStream open(long offset) throws IOException;

  /**
   * Fills an array with what was written.
   *
   * @param offset in bytes; so many bytes must follow there
   */
  void read(long offset, byte[] bytes) throws IOException;

  /**
   * Stores the file under its ID, whole or not at all. Nothing can be written afterwards. The file
   * survives a crash of the process. It survives a crash of the machine only after the system has
   * written it to the disk. Waiting for that would delay every answer.
   *
   * @param id as for {@link StoredFiles}; it must not be in use
   */
  void keepAs(String id) throws IOException;

  /** Deletes the file unless it was kept. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
