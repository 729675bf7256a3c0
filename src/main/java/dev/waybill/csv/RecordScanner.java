package dev.waybill.csv;

/**
 * Walks through a record byte by byte and can stop and go on at every byte. Knows quotes and counts
 * cells; knows no limits and holds no bytes.
 */
final class RecordScanner {

  /** Why a walk stopped. */
  enum Stop {
    /** A line end inside quotes. It is not walked over. */
    LINE_END_IN_QUOTES,
    /** A line end that ends the record. It is not walked over. */
    RECORD_END,
    /** A closing quote is followed by something that is neither delimiter nor line end. */
    TEXT_AFTER_QUOTE,
    /** All bytes given are walked over. */
    BYTES_USED_UP
  }

  private enum State {
    CELL_START,
    UNQUOTED,
    QUOTED,
    /** After a quote inside a quoted cell: it closed the cell, or is the first of two. */
    QUOTE_IN_QUOTED
  }

  private final byte delimiter;
  private final boolean[] endsUnquoted = new boolean[256];

  private State state = State.CELL_START;
  private int cells;
  private int stoppedAt;
  private boolean strayQuote;

  RecordScanner(Delimiter delimiter) {
    this.delimiter = (byte) delimiter.symbol();
    for (char c : new char[] {delimiter.symbol(), '"', '\r', '\n'}) {
      endsUnquoted[c] = true;
    }
  }

  /** The next byte is the first of a record. */
  void startRecord() {
    state = State.CELL_START;
    cells = 1;
    strayQuote = false;
  }

  /** The next byte stands inside quotes; cells are counted from there. */
  void startInQuotes() {
    state = State.QUOTED;
    cells = 0;
    strayQuote = false;
  }

  /** Cells that began since the start; the first cell of a record counts. */
  int cells() {
    return cells;
  }

  /** Whether an unquoted cell with a quote in it was seen since the start. */
  boolean strayQuote() {
    return strayQuote;
  }

  boolean inQuotes() {
    return state == State.QUOTED;
  }

  /** The index of the first byte that was not walked over. */
  int stoppedAt() {
    return stoppedAt;
  }

  Stop scan(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      switch (state) {
        case CELL_START -> {
          boolean quote = bytes[i] == '"';
          state = quote ? State.QUOTED : State.UNQUOTED;
          i += quote ? 1 : 0;
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
            } else if (b == '"') {
              strayQuote = true;
              i++;
            } else {
              return stop(Stop.RECORD_END, i);
            }
          }
        }
        case QUOTED -> {
          byte b = 0;
          while (i < to && (b = bytes[i]) != '"' && b != '\n' && b != '\r') {
            i++;
          }
          if (i < to) {
            if (b != '"') {
              return stop(Stop.LINE_END_IN_QUOTES, i);
            }
            state = State.QUOTE_IN_QUOTED;
            i++;
          }
        }
        case QUOTE_IN_QUOTED -> {
          byte b = bytes[i];
          if (b == '"') {
            state = State.QUOTED;
            i++;
          } else if (b == delimiter) {
            cells++;
            state = State.CELL_START;
            i++;
          } else {
            boolean lineEnd = b == '\r' || b == '\n';
            return stop(lineEnd ? Stop.RECORD_END : Stop.TEXT_AFTER_QUOTE, i);
          }
        }
      }
    }
    return stop(Stop.BYTES_USED_UP, i);
  }

  private Stop stop(Stop why, int index) {
    stoppedAt = index;
    return why;
  }
}
