package dev.waybill.sheet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A stream of the inflated bytes of one entry of an archive. Reading fails if the size or the
 * checksum differs from the value in the archive.
 */
final class EntryStream extends InputStream {

  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int BUFFER_BYTES = 16 << 10;

  private final InputStream file;
  private final Inflater inflater = new Inflater(true);
  private final InputStream inflated;
  private final ZipArchive.Entry entry;
  private final InflateBudget budget;
  private final CRC32 crc = new CRC32();
  private long count;
  private boolean ended;

  /**
   * @param file the archive, positioned at the first byte of the entry; it is closed together with
   *     this stream
   */
  EntryStream(InputStream file, ZipArchive.Entry entry, InflateBudget budget) {
    this.file = file;
    this.entry = entry;
    this.budget = budget;
    InputStream bounded = new BoundedStream(file, entry.compressedSize());
    this.inflated =
        entry.method() == DEFLATED
            ? new InflaterInputStream(bounded, inflater, BUFFER_BYTES)
            : bounded;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    int read;
    try {
      read = inflated.read(bytes, offset, length);
    } catch (ZipException | EOFException e) {
      throw ZipArchive.damaged();
    }
    if (read < 0) {
      ended = true;
      if (count != entry.size() || crc.getValue() != entry.crc()) {
        throw ZipArchive.damaged();
      }
      return -1;
    }
    count += read;
    crc.update(bytes, offset, read);
    budget.take(read);
    return read;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    file.close();
  }

  /** A stream that ends after a limited number of bytes of another stream. */
  private static final class BoundedStream extends InputStream {

    private final InputStream in;
    private long left;

    BoundedStream(InputStream in, long bytes) {
      this.in = in;
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }
  }
}
