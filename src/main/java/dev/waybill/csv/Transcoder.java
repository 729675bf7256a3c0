package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * Converts a text of any charset to UTF-8. A malformed byte becomes 0xFF, because UTF-8 never
 * contains 0xFF. So only the record that contains the malformed byte is invalid.
 *
 * <p>Works in blocks of a fixed size from the start of the file. The same file always gives the
 * same bytes and the same {@link #sourceOffset}.
 */
final class Transcoder extends InputStream {

  static final byte MALFORMED = (byte) 0xFF;

  private static final int BLOCK = 16 << 10;

  /**
   * States that the first {@code text} bytes of UTF-8 come from the first {@code source} bytes of
   * the file.
   */
  private record Mark(long text, long source) {}

  private final InputStream source;
  private final CharsetDecoder decoder;
  private final Delimiter delimiter;
  // Whether a line end is a single byte in the charset of the file. In UTF-16, for example, a line
  // end has two bytes.
  private final boolean lineEndIsOneByte;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).flip();
  private final CharBuffer chars = CharBuffer.allocate(BLOCK);
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();

  private byte[] ready = new byte[0];
  private int readyFrom;
  // The number of bytes of UTF-8 that were produced so far, including the bytes that the reader has
  // not yet taken.
  private long textBytes;
  // The number of bytes of the file that were read so far, including the bytes of the block that is
  // not yet decoded.
  private long sourceBytes;
  private boolean finished;

  /**
   * @param delimiter the delimiter of the file; a non-ASCII delimiter is exchanged with the unit
   *     separator (U+001F)
   */
  Transcoder(InputStream source, Charset charset, Delimiter delimiter) {
    this.delimiter = delimiter;
    this.source = source;
    this.decoder = charset.newDecoder();
    this.lineEndIsOneByte = new String(new byte[] {'\n'}, charset).equals("\n");
    marks.add(new Mark(0, 0));
  }

  /**
   * The offset in the file that corresponds to an offset in the text. The result is exact at the
   * ends of blocks, and interpolated between the ends. An offset must not be smaller than the
   * offset in the previous call, nor larger than the size of the text that was read.
   */
  long sourceOffset(long textOffset) {
    Mark before = marks.getFirst();
    while (marks.size() > 1) {
      marks.removeFirst();
      Mark after = marks.getFirst();
      if (after.text > textOffset) {
        marks.addFirst(before);
        double share = (double) (textOffset - before.text) / (after.text - before.text);
        return before.source + (long) (share * (after.source - before.source));
      }
      before = after;
    }
    return before.source;
  }

  /** Skips the text before this offset. */
  void skipTo(long textOffset) throws IOException {
    while (textBytes < textOffset && !finished) {
      makeReady();
      sourceOffset(Math.min(textBytes, textOffset));
    }
    readyFrom = ready.length - (int) Math.max(0, textBytes - textOffset);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (readyFrom == ready.length) {
      if (finished) {
        return -1;
      }
      makeReady();
    }
    int read = Math.min(length, ready.length - readyFrom);
    System.arraycopy(ready, readyFrom, into, offset, read);
    readyFrom += read;
    return read;
  }

  private void makeReady() throws IOException {
    block.compact();
    int read = source.readNBytes(block.array(), block.position(), block.remaining());
    sourceBytes += read;
    boolean last = read < block.remaining();
    block.position(block.position() + read).flip();
    ByteArrayOutputStream made = new ByteArrayOutputStream(BLOCK * 2);
    CoderResult result = decoder.decode(block, chars, last);
    while (!result.isUnderflow()) {
      take(made);
      if (result.isError()) {
        block.position(block.position() + malformed(result.length()));
        made.write(MALFORMED);
      }
      result = decoder.decode(block, chars, last);
    }
    if (last) {
      while (decoder.flush(chars).isOverflow()) {
        take(made);
      }
      finished = true;
    }
    take(made);
    ready = made.toByteArray();
    readyFrom = 0;
    textBytes += ready.length;
    marks.addLast(new Mark(textBytes, sourceBytes - block.remaining()));
  }

  /**
   * The number of bytes to skip as malformed. Some decoders also count the byte after a broken lead
   * byte. If the counted byte is a line end, the line end must stay. Otherwise the next record
   * would be damaged as well.
   */
  private int malformed(int length) {
    int bytes = 1;
    while (bytes < length && !(lineEndIsOneByte && isLineEnd(block.position() + bytes))) {
      bytes++;
    }
    return bytes;
  }

  private boolean isLineEnd(int index) {
    byte b = block.get(index);
    return b == '\n' || b == '\r';
  }

  private void take(ByteArrayOutputStream made) {
    made.writeBytes(delimiter.exchanged(chars.flip().toString()).getBytes(UTF_8));
    chars.clear();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
