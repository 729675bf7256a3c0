package dev.waybill.csv;

import dev.waybill.csv.Shape.Escape;

/**
 * Scans a record byte by byte. A scan can stop and continue at every byte. The scanner handles
 * quotes and counts cells. The scanner checks no limits and keeps no bytes.
 */
final class RecordScanner {

  /** The reason why a scan stopped. */
  enum Stop {
    /** The scan has reached a line end inside a cell, and stops before this line end. */
    LINE_END_IN_CELL,
    /** The scan has reached the line end that ends the record, and stops before this line end. */
    RECORD_END,
    /**
     * A closing quote, with or without blanks after it, is followed by a byte that is neither a
     * delimiter nor a line end.
     */
    TEXT_AFTER_QUOTE,
    /** The scan has reached the end of the given bytes. */
    BYTES_USED_UP
  }

  private enum State {
    CELL_START,
    /**
     * The last bytes were blanks at the start of a cell. A quote after these blanks opens the cell,
     * as it does without blanks.
     */
    BLANK_START,
    UNQUOTED,
    QUOTED,
    /**
     * The last byte was a quote inside a quoted cell. This quote either closes the cell or is the
     * first of two quotes.
     */
    QUOTE_IN_QUOTED,
    /** The last bytes were blanks after a closing quote. */
    AFTER_QUOTE,
    ESCAPED_IN_UNQUOTED,
    ESCAPED_IN_QUOTED
  }

  private final byte delimiter;
  private final byte quote;
  private final boolean escapes;
  private final boolean[] endsUnquoted = new boolean[256];

  private State state = State.CELL_START;
  private int cells;
  private int stoppedAt;
  private boolean strayQuote;
  private boolean paddedQuote;

  RecordScanner(CsvFormat format) {
    this.delimiter = (byte) format.delimiter().symbol();
    this.quote = (byte) format.shape().quote();
    this.escapes = format.shape().escape() == Escape.BACKSLASH;
    for (byte b : new byte[] {delimiter, quote, '\r', '\n'}) {
      endsUnquoted[b] = true;
    }
    endsUnquoted['\\'] |= escapes;
  }

  /** Starts a scan whose next byte is the first byte of a record. */
  void startRecord() {
    start(State.CELL_START, 1);
  }

  /**
   * Starts a scan whose next byte is the first byte of a line inside a cell. The cells are counted
   * from this line on.
   */
  void startInCell(boolean quoted) {
    start(quoted ? State.QUOTED : State.UNQUOTED, 0);
  }

  private void start(State first, int cellsSoFar) {
    state = first;
    cells = cellsSoFar;
    strayQuote = false;
    paddedQuote = false;
  }

  /**
   * The number of cells that started since the last start method was called. The first cell of a
   * record is included.
   */
  int cells() {
    return cells;
  }

  /** Whether an unquoted cell contained a quote since the last start method was called. */
  boolean strayQuote() {
    return strayQuote;
  }

  /** Whether a cell had blanks outside of its quotes since the last start method was called. */
  boolean paddedQuote() {
    return paddedQuote;
  }

  boolean inQuotes() {
    return state == State.QUOTED || state == State.ESCAPED_IN_QUOTED;
  }

  /** The index of the first byte that was not scanned. */
  int stoppedAt() {
    return stoppedAt;
  }

  Stop scan(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      switch (state) {
        case CELL_START -> {
          byte b = bytes[i];
          if (b == quote) {
            state = State.QUOTED;
            i++;
          } else {
            state = isBlank(b) ? State.BLANK_START : State.UNQUOTED;
          }
        }
        case BLANK_START -> {
          while (i < to && isBlank(bytes[i])) {
            i++;
          }
          if (i < to) {
            boolean opens = bytes[i] == quote;
            state = opens ? State.QUOTED : State.UNQUOTED;
            paddedQuote |= opens;
            i += opens ? 1 : 0;
          }
        }
        case UNQUOTED -> {
          while (i < to && !endsUnquoted[bytes[i] & 0xFF]) {
            i++;
          }
          if (i < to) {
            byte b = bytes[i];
            if (b == delimiter) {
              cells++;
              state = State.CELL_START;
              i++;
            } else if (b == quote) {
              strayQuote = true;
              i++;
            } else if (b == '\\') {
              state = State.ESCAPED_IN_UNQUOTED;
              i++;
            } else {
              return stop(Stop.RECORD_END, i);
            }
          }
        }
        case QUOTED -> {
          byte b = 0;
          while (i < to
              && (b = bytes[i]) != quote
              && b != '\n'
              && b != '\r'
              && !(escapes && b == '\\')) {
            i++;
          }
          if (i < to) {
            if (b == '\n' || b == '\r') {
              return stop(Stop.LINE_END_IN_CELL, i);
            }
            state = b == quote ? State.QUOTE_IN_QUOTED : State.ESCAPED_IN_QUOTED;
            i++;
          }
        }
        case QUOTE_IN_QUOTED, AFTER_QUOTE -> {
          byte b = bytes[i];
          if (b == quote && state == State.QUOTE_IN_QUOTED) {
            state = State.QUOTED;
            i++;
          } else if (b == delimiter) {
            cells++;
            state = State.CELL_START;
            i++;
          } else if (isBlank(b)) {
            state = State.AFTER_QUOTE;
            paddedQuote = true;
            i++;
          } else {
            boolean lineEnd = b == '\r' || b == '\n';
            return stop(lineEnd ? Stop.RECORD_END : Stop.TEXT_AFTER_QUOTE, i);
          }
        }
        case ESCAPED_IN_UNQUOTED, ESCAPED_IN_QUOTED -> {
          byte b = bytes[i];
          state = state == State.ESCAPED_IN_QUOTED ? State.QUOTED : State.UNQUOTED;
          if (b == '\r' || b == '\n') {
            return stop(Stop.LINE_END_IN_CELL, i);
          }
          i++;
        }
      }
    }
    return stop(Stop.BYTES_USED_UP, i);
  }

  private boolean isBlank(byte b) {
    return (b == ' ' || b == '\t') && b != delimiter;
  }

  private Stop stop(Stop why, int index) {
    stoppedAt = index;
    return why;
  }
}
