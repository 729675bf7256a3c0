package dev.waybill.upload;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Inflates gzip (RFC 1952), including files that consist of several members. The JDK's stream is
 * not used, because it has two faults. The JDK's stream calls {@code available()} to find out
 * whether another member follows, but on a socket the result can be 0 in the middle of a file. The
 * JDK's stream also treats an I/O error between two members as the end of the file. Each of these
 * faults could lose rows without an error.
 */
final class Gunzip extends InputStream {

  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int RESERVED_FLAGS = 0xE0;

  private final InputStream in;
  private final byte[] buffer = new byte[8 * 1024];
  private int position;
  private int limit;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean ended;

  /** Reads the header of the first gzip member. Fails if the stream is not gzip. */
  Gunzip(InputStream in) throws IOException {
    this.in = in;
    readHeader(nextByte());
    inflater.setInput(buffer, position, limit - position);
  }

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
    while (!ended) {
      int inflated = inflate(bytes, offset, length);
      if (inflated > 0) {
        crc.update(bytes, offset, inflated);
        return inflated;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsInput()) {
        if (!fill()) {
          throw new ZipException("The gzip data ends within a block");
        }
        inflater.setInput(buffer, position, limit - position);
      } else {
        throw new ZipException("The gzip data needs a dictionary");
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(bytes, offset, length);
    } catch (DataFormatException e) {
      throw new ZipException("The gzip data is damaged");
    }
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    long expectedCrc = nextInt();
    long expectedSize = nextInt();
    if (expectedCrc != crc.getValue()
        || expectedSize != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new ZipException("The gzip data does not match its checksum");
    }
    int next = nextByteOrEnd();
    while (next == 0) {
      // Skips zeros, because tapes and block devices pad the end of a file with zeros.
      next = nextByteOrEnd();
    }
    if (next < 0) {
      ended = true;
      return;
    }
    readHeader(next);
    inflater.reset();
    crc.reset();
    inflater.setInput(buffer, position, limit - position);
  }

  private void readHeader(int first) throws IOException {
    if (first != 0x1F || nextByte() != 0x8B || nextByte() != DEFLATE) {
      throw new ZipException("The data is not gzip");
    }
    int flags = nextByte();
    if ((flags & RESERVED_FLAGS) != 0) {
      throw new ZipException("The gzip header has unknown flags");
    }
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      skip(nextByte() | nextByte() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipToZero();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipToZero();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      nextByte();
    }
  }

  private void skipToZero() throws IOException {
    while (nextByte() != 0) {}
  }

  private long nextInt() throws IOException {
    return nextByte() | nextByte() << 8 | nextByte() << 16 | (long) nextByte() << 24;
  }

  private int nextByte() throws IOException {
    int next = nextByteOrEnd();
    if (next < 0) {
      throw new ZipException("The gzip data ends within a header or trailer");
    }
    return next;
  }

  private int nextByteOrEnd() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xFF : -1;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  /** Releases the inflater. The underlying stream stays open. */
  @Override
  public void close() {
    inflater.end();
  }
}
