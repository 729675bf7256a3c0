package dev.waybill.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * A stream that throws an exception as soon as the number of bytes that were read exceeds the
 * limit.
 */
final class LimitedStream extends FilterInputStream {

  private final Supplier<? extends RuntimeException> tooMany;
  private long left;

  LimitedStream(InputStream in, long limit, Supplier<? extends RuntimeException> tooMany) {
    super(in);
    this.left = limit;
    this.tooMany = tooMany;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    count(read);
    return read;
  }

  private void count(int read) {
    left -= Math.max(0, read);
    if (left < 0) {
      throw tooMany.get();
    }
  }
}
