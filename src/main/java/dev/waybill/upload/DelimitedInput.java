package dev.waybill.upload;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A body that is cut into stretches by one delimiter. Looks for it by Horspool's method, which
 * leaps over most bytes: a multipart upload costs hardly more than a raw one.
 */
final class DelimitedInput {

  private static final int BUFFER_SIZE = 128 * 1024;

  private final InputStream in;
  private final byte[] delimiter;
  private final int[] leaps = new int[256];
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int position;
  private int limit;

  /**
   * @param before bytes to be read ahead of the stream's
   * @param delimiter at most a few hundred bytes
   */
  DelimitedInput(byte[] before, InputStream in, byte[] delimiter) {
    this.in = in;
    this.delimiter = delimiter;
    System.arraycopy(before, 0, buffer, 0, before.length);
    this.limit = before.length;
    Arrays.fill(leaps, delimiter.length);
    for (int i = 0; i < delimiter.length - 1; i++) {
      leaps[delimiter[i] & 0xFF] = delimiter.length - 1 - i;
    }
  }

  /** The next byte, whatever it belongs to, or -1 at the end. */
  int next() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xFF : -1;
  }

  /** The bytes up to the next delimiter. Read it to its end, which passes over the delimiter. */
  InputStream stretch() {
    return new Stretch();
  }

  /** Keeps what is unread and reads what has arrived behind it. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    limit -= position;
    position = 0;
    int read = in.read(buffer, limit, buffer.length - limit);
    limit += Math.max(0, read);
    return read > 0;
  }

  /** Where the delimiter starts in what is buffered, or -1. */
  private int find() {
    int last = delimiter.length - 1;
    int end = position + last;
    while (end < limit) {
      byte b = buffer[end];
      if (b == delimiter[last] && Arrays.equals(buffer, end - last, end, delimiter, 0, last)) {
        return end - last;
      }
      end += leaps[b & 0xFF];
    }
    return -1;
  }

  private final class Stretch extends InputStream {

    /** Up to here the buffer is known to belong to this stretch. */
    private int safe = position;

    private boolean delimiterFollows;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (ended) {
        return -1;
      }
      while (position == safe && !delimiterFollows) {
        look();
      }
      if (position == safe) {
        position += delimiter.length;
        ended = true;
        return -1;
      }
      int read = Math.min(length, safe - position);
      System.arraycopy(buffer, position, bytes, offset, read);
      position += read;
      return read;
    }

    private void look() throws IOException {
      int found = find();
      // What is left behind the last place where it could start may be its beginning.
      safe = found >= 0 ? found : Math.max(position, limit - delimiter.length + 1);
      delimiterFollows = found >= 0;
      if (safe == position && !delimiterFollows) {
        if (!fill()) {
          throw new MultipartBody.Malformed("The multipart body ends before its closing boundary.");
        }
        safe = position;
      }
    }
  }
}
