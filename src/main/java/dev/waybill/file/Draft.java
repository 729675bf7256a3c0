package dev.waybill.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file that is still being received. Closing a draft deletes it, unless it was kept with {@link
 * #keepAs}. Only one thread at a time may use an instance.
 */
public interface Draft extends Closeable {

  /**
   * Appends bytes.
   *
   * @throws DiskFullException if the disk has no space for them
   */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** The number of bytes written so far. */
  long size();

  /** Reads the bytes written so far, from an offset in bytes. */
  InputStream open(long offset) throws IOException;

  /**
   * Fills an array with bytes of the draft.
   *
   * @param offset in bytes; the draft must have enough bytes after it to fill the array
   */
  void read(long offset, byte[] bytes) throws IOException;

  /**
   * Stores the draft as the file with this ID, completely or not at all. Afterwards, nothing can be
   * written. The file survives a crash of the process. It survives a crash of the machine only
   * after the operating system has written it to the disk. This method does not wait for that,
   * because the wait would delay every answer.
   *
   * @param id as for {@link StoredFiles}; it must not be in use
   */
  void keepAs(String id) throws IOException;

  /** Deletes the file unless it was kept. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
