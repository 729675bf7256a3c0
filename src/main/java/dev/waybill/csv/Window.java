package dev.waybill.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The part of the text that is in memory. All positions are offsets in the text, so they stay valid
 * when the bytes are moved inside the buffer.
 */
final class Window implements Closeable {

  private final InputStream in;
  private byte[] buffer;
  // The offset in the text of the first byte of the buffer.
  private long base;
  // The number of bytes in the buffer.
  private int end;
  private boolean atEnd;

  /**
   * @param base the position of the stream's first byte in the whole text
   */
  Window(InputStream in, long base, int initialSize) {
    this.in = in;
    this.base = base;
    this.buffer = new byte[initialSize];
  }

  byte[] buffer() {
    return buffer;
  }

  int index(long offset) {
    return (int) (offset - base);
  }

  long offset(int index) {
    return base + index;
  }

  /** The offset, in the text, after the last byte in memory. */
  long end() {
    return base + end;
  }

  /**
   * Reads more bytes and drops the bytes before {@code keep}. The buffer grows only if less than
   * half of the buffer can be freed. So the cost of moving bytes stays linear in the number of
   * bytes that are read.
   *
   * @return false at the end of the text
   */
  boolean more(long keep) throws IOException {
    if (atEnd) {
      return false;
    }
    int from = index(keep);
    int kept = end - from;
    if (kept > buffer.length / 2) {
      buffer = Arrays.copyOfRange(buffer, from, from + buffer.length * 2);
    } else {
      System.arraycopy(buffer, from, buffer, 0, kept);
    }
    base = keep;
    end = kept;
    int read = in.readNBytes(buffer, end, buffer.length - end);
    end += read;
    atEnd = end < buffer.length;
    return read > 0;
  }

  /**
   * Reads until the byte at {@code offset} is in memory. Returns false only if the text ends before
   * this offset.
   */
  boolean has(long offset, long keep) throws IOException {
    while (offset >= end()) {
      if (!more(keep)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The offset of the next line end, or the offset of the end of the text. Drops the bytes before
   * this offset.
   */
  long lineEnd(long from) throws IOException {
    long at = from;
    while (has(at, at)) {
      int i = index(at);
      while (i < end && buffer[i] != '\n' && buffer[i] != '\r') {
        i++;
      }
      at = base + i;
      if (i < end) {
        return at;
      }
    }
    return at;
  }

  /**
   * The offset after the line end at {@code offset}. At the end of the text, the result is {@code
   * offset} itself.
   */
  long afterLineEnd(long offset, long keep) throws IOException {
    if (!has(offset, keep)) {
      return offset;
    }
    boolean crlf =
        buffer[index(offset)] == '\r' && has(offset + 1, keep) && buffer[index(offset + 1)] == '\n';
    return offset + (crlf ? 2 : 1);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
