package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.FramedRecord.Broken;
import dev.waybill.csv.FramedRecord.Flaw;
import dev.waybill.csv.FramedRecord.Whole;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a text before its header is known. This class does not check the number of
 * cells. Only one thread at a time may use an instance.
 */
final class RawRecords implements Closeable {

  private static final int BUFFER_BYTES = 16 << 10;

  private final CsvFormat format;
  private final CsvLimits limits;
  private final CellSplitter splitter;
  private final Window window;
  private final Framer framer;
  private long offset;
  private long line = 1;

  /**
   * One record.
   *
   * @param cells the cells without surrounding white space; empty if the record is broken
   * @param flaw the reason why the record is broken; null if the record is whole
   */
  record Raw(long line, int lines, String text, List<String> cells, @Nullable Flaw flaw) {

    boolean isBlank() {
      return flaw == null && cells.stream().allMatch(String::isEmpty);
    }
  }

  RawRecords(ByteSource file, CsvFormat format, CsvLimits limits) throws IOException {
    this.format = format;
    this.limits = limits;
    this.splitter = new CellSplitter(format);
    boolean asItIs = format.charset().equals(UTF_8) && format.delimiter().isAscii();
    InputStream in = file.open(0);
    this.window =
        new Window(
            asItIs ? in : new Transcoder(in, format.charset(), format.delimiter()),
            0,
            BUFFER_BYTES);
    this.framer = new Framer(window, format, limits);
  }

  /** The next record, or null at the end of the text. Blank records are included. */
  @Nullable Raw next() throws IOException {
    FramedRecord framed = framer.next(offset, 1, limits.maxColumns());
    if (framed == null) {
      return null;
    }
    long start = line;
    boolean first = offset == 0;
    offset = framed.next();
    return switch (framed) {
      case Broken broken -> {
        line++;
        yield new Raw(start, 1, broken.firstLine().text(), List.of(), broken.flaw());
      }
      case Whole whole -> {
        line += whole.lines();
        String text = text(whole, first);
        if (whole.cells() > limits.maxColumns()) {
          yield new Raw(start, whole.lines(), text, List.of(), Flaw.TOO_MANY_CELLS);
        }
        String[] cells =
            splitter.split(text, whole.cells(), whole.strayQuote(), whole.paddedQuote());
        List<String> stripped =
            Arrays.stream(cells).map(cell -> format.delimiter().exchanged(cell).strip()).toList();
        yield new Raw(start, whole.lines(), format.delimiter().exchanged(text), stripped, null);
      }
    };
  }

  /** Whether any text follows the text that was read so far. */
  boolean hasMoreText() throws IOException {
    return window.has(offset, offset);
  }

  private String text(Whole whole, boolean first) {
    int length = (int) (whole.end() - whole.start());
    String text = new String(window.buffer(), window.index(whole.start()), length, UTF_8);
    return EndOfFileMark.removed(first && text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  @Override
  public void close() throws IOException {
    window.close();
  }
}
