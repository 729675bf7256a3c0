package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.CsvRecord.Complete;
import dev.waybill.csv.CsvRecord.Damaged;
import dev.waybill.csv.FramedRecord.Broken;
import dev.waybill.csv.FramedRecord.Whole;
import dev.waybill.csv.HeaderAgain.Kind;
import dev.waybill.csv.Shape.Escape;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file record by record. For any bytes, the time is linear in the file size, and memory
 * use stays constant. Every line that is not blank belongs to exactly one record. A damaged record
 * is returned like any other record and never stops the reading. Only one thread at a time may use
 * an instance.
 */
public final class CsvReader implements Closeable {

  private static final int BUFFER_BYTES = 128 << 10;

  /** The byte order mark of UTF-8. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final ByteSource file;
  private final long size;
  private final CsvFormat format;
  private final CsvLimits limits;
  private final int bufferBytes;
  private final CellSplitter splitter;
  private final Columns columns;
  private final HeaderAgain again;
  private final DamageReport report;
  private final Notices notices = new Notices();

  private Window window;
  private Framer framer;
  // The converter of the file to UTF-8. Null if the file is in UTF-8 and its delimiter is an ASCII
  // character.
  private @Nullable Transcoder transcoder;
  private long offset;
  private long line = 1;
  private boolean atEnd;
  // Whether the last record that was read was blank.
  private boolean blankAbove;
  private boolean rowsHaveDigits;
  // The line of the second header, if the rows of a second table with another header are being
  // read; otherwise 0.
  private long secondHeader;

  private CsvReader(
      ByteSource file,
      long size,
      CsvFormat format,
      CsvLimits limits,
      KnownNames names,
      int bufferBytes)
      throws IOException {
    this.file = file;
    this.size = size;
    this.format = format;
    this.limits = limits;
    this.bufferBytes = bufferBytes;
    this.splitter = new CellSplitter(format);
    this.window = windowAt(0);
    this.framer = new Framer(window, format, limits);
    try {
      skipByteOrderMark();
      List<String> header = readHeader();
      this.columns = Columns.of(header, format.shape().unnamed());
      this.again = new HeaderAgain(header.subList(0, columns.width()), names);
    } catch (IOException | RuntimeException e) {
      window.close();
      throw e;
    }
    this.report = new DamageReport(format, limits, columns);
  }

  /**
   * Opens the file and reads its header: the record at {@link Shape#headerLine}, or the first
   * record that is not blank.
   *
   * @param size the file's size in bytes
   * @param names the known column names; the reader uses them to recognise a second header
   * @throws CsvHeaderException if the header cannot be read; its message is for the user
   */
  public static CsvReader open(
      ByteSource file, long size, CsvFormat format, CsvLimits limits, KnownNames names)
      throws IOException {
    return new CsvReader(file, size, format, limits, names, BUFFER_BYTES);
  }

  /**
   * Opens a file without known column names. The reader then recognises a second header only if it
   * repeats the header of the file.
   */
  public static CsvReader open(ByteSource file, long size, CsvFormat format, CsvLimits limits)
      throws IOException {
    return open(file, size, format, limits, BUFFER_BYTES);
  }

  /** The character that separates the cells of the file. */
  public Delimiter delimiter() {
    return format.delimiter();
  }

  static CsvReader open(
      ByteSource file, long size, CsvFormat format, CsvLimits limits, int bufferBytes)
      throws IOException {
    return new CsvReader(file, size, format, limits, _ -> null, bufferBytes);
  }

  /** Whether any text follows the text that was read so far. */
  public boolean hasMoreText() throws IOException {
    return window.has(offset, offset);
  }

  /**
   * The names of the columns, stripped, in the order of the file. Each name is unique: if the
   * fourth column has no name, it is called {@code column-4}; a second {@code Image} is called
   * {@code Image (2)}.
   */
  public List<String> header() {
    return columns.names();
  }

  /**
   * The numbers (from 1) of the columns that have neither a name nor a value. {@link #header} does
   * not contain these columns.
   */
  public List<Integer> unnamedColumns() {
    return format.shape().unnamed();
  }

  /**
   * The notices since the last call. A notice says what the reader skipped, or which unusual text
   * it accepted.
   */
  public List<Notice> takeNotices() {
    if (notices.isEmpty()) {
      return List.of();
    }
    List<Notice> taken = notices.list();
    notices.clear();
    return taken;
  }

  /**
   * Continues at the position of another reader of the same file, format and limits. The next
   * records are exactly the records that the other reader would have returned. This takes no time,
   * unless the file must be transcoded because its charset is not UTF-8 or its delimiter is not
   * ASCII. A transcoded file must be read and transcoded from its start to the position.
   */
  public void resumeAt(Position position) throws IOException {
    if (position.offset() != offset) {
      window.close();
      window = windowAt(position.offset());
      framer = new Framer(window, format, limits);
      offset = position.offset();
    }
    line = position.line();
    secondHeader = position.secondHeader();
    atEnd = false;
  }

  /**
   * The next record, or null at the end of the file. Skips blank records and repetitions of the
   * header.
   */
  public @Nullable CsvRecord next() throws IOException {
    int width = columns.width();
    while (true) {
      FramedRecord framed = framer.next(offset, width, width + format.shape().spare());
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
          List<Damage> damages =
              secondHeader > 0
                  ? List.of(report.belowSecondHeader(start, secondHeader))
                  : report.of(broken, start);
          return new Damaged(start, damages, shown(original.text()), original.cut());
        }
        case Whole whole -> {
          line += whole.lines();
          String text = text(whole);
          if (whole.end() == offset) {
            // Checks whether the file is complete, because the last record has no line end. If the
            // file was cut, a part of this record may be missing.
            requireWholeFile();
            text = EndOfFileMark.removed(text);
          }
          if (isBlank(whole, text)) {
            blankAbove = true;
          } else {
            CsvRecord record = judge(whole, text, start);
            if (record != null) {
              noteSecondTable(record, start);
              return record;
            }
          }
        }
      }
    }
  }

  /**
   * Adds a notice if this record may be the header of another table. A record may be such a header
   * if it follows a blank line and has no digits, although the rows above have digits.
   */
  private void noteSecondTable(CsvRecord record, long start) {
    if (blankAbove && rowsHaveDigits && record instanceof Complete complete) {
      boolean words = complete.cells().length > 1;
      for (String cell : complete.cells()) {
        words &= !cell.isBlank() && !hasDigit(cell);
      }
      if (words) {
        notices.add(
            new Notice(
                "second-table",
                null,
                1,
                List.of(),
                "Line %d follows a blank line and has no digit. If it is the header of another table, upload that table as a separate file."
                    .formatted(start)));
      }
    }
    blankAbove = false;
    if (!rowsHaveDigits) {
      rowsHaveDigits = hasDigit(record.original());
    }
  }

  private static boolean hasDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }

  /** The position after the last returned record. */
  public Position position() {
    return new Position(offset, line, secondHeader);
  }

  /**
   * The bytes of the file, in its own charset, that were read up to {@link #position}. If the file
   * is transcoded, the value is an estimate in proportion to the text. The value depends only on
   * the position, and grows with the position. After {@link #next} has returned null, the value is
   * the size of the file.
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

  /**
   * Throws an exception if the file ends before its expected size. Without this check, a file that
   * was cut on the disk would look complete.
   */
  private void requireWholeFile() throws EOFException {
    long read = transcoder == null ? offset : transcoder.sourceOffset(offset);
    if (read < size) {
      throw new EOFException("The file ends after %d of %d bytes".formatted(read, size));
    }
  }

  private Window windowAt(long textOffset) throws IOException {
    if (format.charset().equals(UTF_8) && format.delimiter().isAscii()) {
      return new Window(file.open(textOffset), textOffset, bufferBytes);
    }
    InputStream in = file.open(0);
    try {
      transcoder = new Transcoder(in, format.charset(), format.delimiter());
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
    DamageReport nameless = new DamageReport(format, limits, Columns.of(List.of(), List.of()));
    skipLinesBefore(format.shape().headerLine());
    // Limits the number of blank lines. In an attack, a few bytes of gzip can contain a gigabyte of
    // blank lines, and each line costs as much time as a record.
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

  private void skipLinesBefore(long headerLine) throws IOException {
    while (line < headerLine) {
      long next = window.lineEnd(offset);
      next = window.afterLineEnd(next, next);
      if (next == offset) {
        throw new CsvHeaderException("The file has no line %,d.".formatted(headerLine));
      }
      offset = next;
      line++;
    }
  }

  private List<String> headerCells(Whole whole, String text, long start, DamageReport nameless) {
    if (whole.cells() > limits.maxColumns()) {
      throw unreadable(List.of(nameless.tooManyColumns(start)));
    }
    String[] cells = split(whole, text);
    List<Damage> damages = charsetDamages(whole, text, cells, start, nameless);
    if (!damages.isEmpty()) {
      throw unreadable(damages);
    }
    return Arrays.stream(cells).map(cell -> format.delimiter().exchanged(cell).strip()).toList();
  }

  private static CsvHeaderException unreadable(List<Damage> damages) {
    StringBuilder message = new StringBuilder("The header cannot be read.");
    damages.forEach(damage -> message.append(' ').append(damage.detail()));
    return new CsvHeaderException(message.toString());
  }

  private String[] split(Whole whole, String text) {
    return splitter.split(text, whole.cells(), whole.strayQuote(), whole.paddedQuote());
  }

  /**
   * Converts the text to a record. Null if the text repeats the header and is therefore not a row.
   */
  private @Nullable CsvRecord judge(Whole whole, String text, long start) {
    if (whole.cells() > limits.maxColumns()) {
      return damaged(start, text, List.of(report.tooManyColumns(start)));
    }
    String[] cells = split(whole, text);
    if (!format.delimiter().isAscii()) {
      Arrays.setAll(cells, i -> format.delimiter().exchanged(cells[i]));
    }
    String[] values = columns.of(cells);
    Kind kind = again.kindOf(cells);
    if (kind == Kind.SAME) {
      secondHeader = 0;
      notices.add(
          new Notice(
              "header-repeated",
              null,
              1,
              List.of(),
              "Line %d repeats the header and is no row.".formatted(start)));
      return null;
    }
    Damage flaw = headerFlaw(kind, cells, text, start);
    if (flaw != null) {
      return damaged(start, text, List.of(flaw));
    }
    List<Damage> damages = charsetDamages(whole, text, cells, start, report);
    if (values == null) {
      damages = new ArrayList<>(damages);
      damages.addFirst(report.fieldCount(start, cells));
    } else if (whole.strayQuote()) {
      int column = LostSeparator.column(text, format.delimiter().symbol(), format.shape().quote());
      if (column > 0) {
        damages = new ArrayList<>(damages);
        damages.addFirst(report.lostSeparator(start, column));
      }
    }
    if (values == null || !damages.isEmpty()) {
      return damaged(start, text, damages);
    }
    return new Complete(start, shown(text), values);
  }

  /**
   * The damage if this record is a second header, follows the header of another table, or starts
   * with the byte order mark of a joined file; otherwise null.
   */
  private @Nullable Damage headerFlaw(Kind kind, String[] cells, String text, long start) {
    Kind found = kind;
    if (found == Kind.ROW && cells.length > columns.width()) {
      found = again.kindOfEnd(cells);
    }
    if (found == Kind.OTHER_ORDER) {
      secondHeader = start;
    }
    if (found != Kind.ROW) {
      return report.secondHeader(start);
    }
    if (secondHeader > 0) {
      return report.belowSecondHeader(start, secondHeader);
    }
    return text.charAt(0) == '\uFEFF' ? report.joinedFiles(start) : null;
  }

  private Damaged damaged(long start, String text, List<Damage> damages) {
    String original = shown(text);
    return new Damaged(
        start, List.copyOf(damages), Original.cut(original), Original.isTooLong(original));
  }

  /** Converts the scanned text back to the text that the sent file contains. */
  private String shown(String text) {
    if (format.shape().escape() == Escape.LINES) {
      return DialectCells.unescaped(text, Escape.LINES);
    }
    return format.delimiter().exchanged(text);
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

  /** Whether all cells of the record are blank. */
  private boolean isBlank(Whole whole, String text) {
    char delimiter = format.delimiter().symbol();
    char quote = format.shape().quote();
    boolean quotes = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quotes |= c == quote;
      if (c != delimiter && c != quote && c > ' ' && !Character.isWhitespace(c)) {
        return false;
      }
      if (c == 0) {
        return false;
      }
    }
    return !quotes || Arrays.stream(split(whole, text)).allMatch(String::isBlank);
  }

  private static int column(String[] cells, char found) {
    int column = 1;
    while (cells[column - 1].indexOf(found) < 0) {
      column++;
    }
    return column;
  }
}
