package dev.waybill.csv;

import java.io.IOException;
import java.io.InputStream;

/** A stored file. A caller can read the file from any offset and any number of times. */
@FunctionalInterface
public interface ByteSource {

  /**
   * Opens the bytes from {@code offset} (0 to the file's size) to the end. The caller closes the
   * stream. The caller reads large blocks, so the stream needs no buffer.
   */
  InputStream open(long offset) throws IOException;
}
