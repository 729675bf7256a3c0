package dev.waybill.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** A file while it arrives. Closing discards it, unless it was kept. For one thread at a time. */
public interface Draft extends Closeable {

  /**
   * Appends bytes.
   *
   * @throws DiskFullException where there is no room for them
   */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** How many bytes were written. */
  long size();

  /** What was written so far, from an offset in bytes on. */
  InputStream open(long offset) throws IOException;

  /**
   * Puts the file under its ID, whole or not at all. Nothing can be written afterwards. It outlives
   * a crash of the process; that of the machine only once the system has written it back, because
   * to wait for that would make every answer wait for the disk.
   *
   * @param id as for {@link StoredFiles}; not in use yet
   */
  void keepAs(String id) throws IOException;

  /** Discards the file unless it was kept; closing again does nothing. */
  @Override
  void close() throws IOException;
}
