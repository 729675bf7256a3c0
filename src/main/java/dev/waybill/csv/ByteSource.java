package dev.waybill.csv;

import java.io.IOException;
import java.io.InputStream;

/** A stored file that can be read from any byte, any number of times. */
@FunctionalInterface
public interface ByteSource {

  /**
   * The bytes from {@code offset} (0 to the file's size) to the end. The caller closes the stream.
   * The caller reads large blocks, so the stream needs no buffer.
   */
  InputStream open(long offset) throws IOException;
}
