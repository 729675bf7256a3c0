package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.CsvRecord.Complete;
import dev.waybill.csv.CsvRecord.Damaged;
import dev.waybill.csv.FramedRecord.Broken;
import dev.waybill.csv.FramedRecord.Whole;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file record by record: linear in time and flat in memory, whatever the bytes. Every
 * line that is not blank is part of exactly one record; a damaged record is returned like any
 * other, and never stops the reading. For one thread at a time.
 */
public final class CsvReader implements Closeable {

  private static final int BUFFER_BYTES = 128 << 10;

  /** A byte order mark in UTF-8. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final ByteSource file;
  private final long size;
  private final CsvFormat format;
  private final CsvLimits limits;
  private final int bufferBytes;
  private final CellSplitter splitter;
  private final List<String> header;
  private final DamageReport report;

  private Window window;
  private Framer framer;
  private @Nullable Transcoder transcoder; // none where the file is in UTF-8
  private long offset;
  private long line = 1;
  private boolean atEnd;

  private CsvReader(ByteSource file, long size, CsvFormat format, CsvLimits limits, int bufferBytes)
      throws IOException {
    this.file = file;
    this.size = size;
    this.format = format;
    this.limits = limits;
    this.bufferBytes = bufferBytes;
    this.splitter = new CellSplitter(format.delimiter());
    this.window = windowAt(0);
    this.framer = new Framer(window, format.delimiter(), limits);
    try {
      skipByteOrderMark();
      this.header = readHeader();
    } catch (IOException | RuntimeException e) {
      window.close();
      throw e;
    }
    this.report = new DamageReport(format, limits, header);
  }

  /**
   * Opens the file and reads its header: the first record that is not blank.
   *
   * @param size the file's size in bytes
   * @throws CsvHeaderException if the header cannot be read; the message is for a person
   */
  public static CsvReader open(ByteSource file, long size, CsvFormat format, CsvLimits limits)
      throws IOException {
    return open(file, size, format, limits, BUFFER_BYTES);
  }

  static CsvReader open(
      ByteSource file, long size, CsvFormat format, CsvLimits limits, int bufferBytes)
      throws IOException {
    return new CsvReader(file, size, format, limits, bufferBytes);
  }

  /** Whether any text follows what was read so far. */
  public boolean hasMoreText() throws IOException {
    return window.has(offset, offset);
  }

  /** The header's cells in file order, stripped. Names may be empty or stand twice. */
  public List<String> header() {
    return header;
  }

  /**
   * Goes on where another reader of the same file, format and limits stood, with exactly the
   * records that it would have returned next. In UTF-8 this takes no time; any other charset is
   * transcoded again up to there.
   */
  public void resumeAt(Position position) throws IOException {
    if (position.offset() != offset) {
      window.close();
      window = windowAt(position.offset());
      framer = new Framer(window, format.delimiter(), limits);
      offset = position.offset();
    }
    line = position.line();
    atEnd = false;
  }

  /**
   * The next record, or null at the end. Skips blank lines.
   *
   * @throws EOFException if the file is shorter than its expected size
   */
  public @Nullable CsvRecord next() throws IOException {
    while (true) {
      FramedRecord framed = framer.next(offset, header.size(), header.size());
      if (framed == null) {
        requireWholeFile();
        atEnd = true;
        return null;
      }
      long start = line;
      offset = framed.next();
      switch (framed) {
        case Broken broken -> {
          line++;
          Original original = broken.firstLine();
          return new Damaged(start, report.of(broken, start), original.text(), original.cut());
        }
        case Whole whole -> {
          line += whole.lines();
          if (whole.end() == offset) {
            // There is no line end: if bytes are missing, half of this record may be missing too.
            requireWholeFile();
          }
          String text = text(whole);
          if (!isBlank(whole, text)) {
            return judge(whole, text, start);
          }
        }
      }
    }
  }

  /** The position after the last returned record. */
  public Position position() {
    return new Position(offset, line);
  }

  /**
   * Bytes of the file, in its own charset, up to {@link #position}; scaled if the file is
   * transcoded. Depends only on the position and grows with it. It is the size of the file after
   * {@link #next} has returned null.
   */
  public long bytesRead() {
    if (atEnd) {
      return size;
    }
    return Math.min(size, transcoder == null ? offset : transcoder.sourceOffset(offset));
  }

  @Override
  public void close() throws IOException {
    window.close();
  }

  /** A file that lost its end on the disk must not count as completely read. */
  private void requireWholeFile() throws EOFException {
    long read = transcoder == null ? offset : transcoder.sourceOffset(offset);
    if (read < size) {
      throw new EOFException("The file ends after %d of %d bytes".formatted(read, size));
    }
  }

  private Window windowAt(long textOffset) throws IOException {
    if (format.charset().equals(UTF_8)) {
      return new Window(file.open(textOffset), textOffset, bufferBytes);
    }
    InputStream in = file.open(0);
    try {
      transcoder = new Transcoder(in, format.charset());
      transcoder.skipTo(textOffset);
      return new Window(transcoder, textOffset, bufferBytes);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void skipByteOrderMark() throws IOException {
    int length = BYTE_ORDER_MARK.length;
    if (window.has(length - 1, 0)
        && Arrays.equals(window.buffer(), 0, length, BYTE_ORDER_MARK, 0, length)) {
      offset = length;
    }
  }

  private List<String> readHeader() throws IOException {
    DamageReport nameless = new DamageReport(format, limits, List.of());
    // A few bytes of gzip make a gigabyte of blank lines, each of which costs as much as a record.
    for (int blank = 0; blank <= limits.maxLines(); blank++) {
      FramedRecord framed = framer.next(offset, 1, limits.maxColumns());
      if (framed == null) {
        throw new CsvHeaderException("The file has no header: all its lines are blank.");
      }
      long start = line;
      offset = framed.next();
      switch (framed) {
        case Broken broken -> throw unreadable(nameless.of(broken, start));
        case Whole whole -> {
          line += whole.lines();
          String text = text(whole);
          if (!isBlank(whole, text)) {
            return headerCells(whole, text, start, nameless);
          }
        }
      }
    }
    throw new CsvHeaderException(
        "The file has no header: its first %,d lines are blank.".formatted(limits.maxLines()));
  }

  private List<String> headerCells(Whole whole, String text, long start, DamageReport nameless) {
    if (whole.cells() > limits.maxColumns()) {
      throw unreadable(List.of(nameless.tooManyColumns(start)));
    }
    String[] cells = splitter.split(text, whole.cells(), whole.strayQuote());
    List<Damage> damages = charsetDamages(whole, text, cells, start, nameless);
    if (!damages.isEmpty()) {
      throw unreadable(damages);
    }
    return Arrays.stream(cells).map(String::strip).toList();
  }

  private static CsvHeaderException unreadable(List<Damage> damages) {
    StringBuilder message = new StringBuilder("The header cannot be read.");
    damages.forEach(damage -> message.append(' ').append(damage.detail()));
    return new CsvHeaderException(message.toString());
  }

  private CsvRecord judge(Whole whole, String text, long start) {
    List<Damage> damages = List.of();
    String[] cells = {};
    if (whole.cells() > limits.maxColumns()) {
      damages = List.of(report.tooManyColumns(start));
    } else {
      cells = splitter.split(text, whole.cells(), whole.strayQuote());
      damages = charsetDamages(whole, text, cells, start, report);
      if (whole.cells() != header.size()) {
        damages = new ArrayList<>(damages);
        damages.addFirst(report.fieldCount(start, whole.cells()));
      }
    }
    if (damages.isEmpty()) {
      return new Complete(start, text, cells);
    }
    return new Damaged(start, List.copyOf(damages), Original.cut(text), Original.isTooLong(text));
  }

  private List<Damage> charsetDamages(
      Whole whole, String text, String[] cells, long start, DamageReport says) {
    List<Damage> damages = new ArrayList<>(0);
    if (text.indexOf('\uFFFD') >= 0 && !isUtf8(whole)) {
      damages.add(says.notInCharset(start, whole.lines(), column(cells, '\uFFFD')));
    }
    if (text.indexOf('\0') >= 0) {
      damages.add(says.nul(start, whole.lines(), column(cells, '\0')));
    }
    return damages;
  }

  private String text(Whole whole) {
    int length = (int) (whole.end() - whole.start());
    return new String(window.buffer(), window.index(whole.start()), length, UTF_8);
  }

  private boolean isUtf8(Whole whole) {
    Utf8Tally tally = new Utf8Tally();
    int from = window.index(whole.start());
    tally.update(window.buffer(), from, (int) (whole.end() - whole.start()));
    return tally.finish().badBytes() == 0;
  }

  /** A single cell with only white space. A line with a delimiter or quotes is a record. */
  private static boolean isBlank(Whole whole, String text) {
    return whole.cells() == 1 && text.isBlank();
  }

  private static int column(String[] cells, char found) {
    int column = 1;
    while (cells[column - 1].indexOf(found) < 0) {
      column++;
    }
    return column;
  }
}
