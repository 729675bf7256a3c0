package dev.waybill.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file that is still being received. Closing a draft deletes the file, unless {@link #keepAs} was
 * called before. Only one thread at a time may use an instance.
 */
public interface Draft extends Closeable {

  /**
   * Appends bytes.
   *
   * @throws DiskFullException if the disk has no space for the bytes
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
   * Stores the draft as the file with this ID, either completely or not at all. After this call, no
   * bytes can be written. The file survives a crash of the process. The file survives a crash of
   * the machine only after the operating system has written it to the disk. This method does not
   * wait until the file is on the disk, because this wait would delay every answer.
   *
   * @param id an ID as in {@link StoredFiles}; no other file may have this ID
   */
  void keepAs(String id) throws IOException;

  /**
   * Deletes the file unless {@link #keepAs} was called. A second call of this method does nothing.
   */
  @Override
  void close() throws IOException;
}
