package dev.waybill.csv;

/**
 * Scans a record byte by byte. It can stop and continue at every byte. It knows quotes and counts
 * cells. It has no limits and keeps no bytes.
 */
final class RecordScanner {

  /** Why a scan stopped. */
  enum Stop {
    /** At a line end inside quotes. The line end itself is not consumed. */
    LINE_END_IN_QUOTES,
    /** At the line end that ends the record. The line end itself is not consumed. */
    RECORD_END,
    /** A closing quote is followed by something that is neither delimiter nor line end. */
    TEXT_AFTER_QUOTE,
    /** All given bytes are consumed. */
    BYTES_USED_UP
  }

  private enum State {
    CELL_START,
    UNQUOTED,
    QUOTED,
    /** After a quote inside a quoted cell. It closed the cell, or is the first of two. */
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

  /** The next byte is inside quotes. Cells are counted from there. */
  void startInQuotes() {
    state = State.QUOTED;
    cells = 0;
    strayQuote = false;
  }

  /** Cells that started since the start call. The first cell of a record counts. */
  int cells() {
    return cells;
  }

  /** Whether an unquoted cell contained a quote since the start call. */
  boolean strayQuote() {
    return strayQuote;
  }

  boolean inQuotes() {
    return state == State.QUOTED;
  }

  /** The index of the first byte that was not consumed. */
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
