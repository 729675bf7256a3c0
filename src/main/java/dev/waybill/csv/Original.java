package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The text of a record as it is kept for a person: cut, and free of what no database stores. */
record Original(String text, boolean cut) {

  /** At most this many bytes of UTF-8 are kept. */
  static final int MAX_BYTES = 64 << 10;

  /**
   * @param bytes the record's text, or at least its first {@link #MAX_BYTES} + 1 bytes
   */
  static Original of(byte[] bytes, int from, int to) {
    int end = Math.min(to, from + MAX_BYTES);
    // Not in the middle of a character, whose first half would look like a bad byte.
    for (int back = 0; end < to && back < 3 && (bytes[end] & 0xC0) == 0x80; back++) {
      end--;
    }
    String text = new String(bytes, from, end - from, UTF_8);
    return new Original(cut(text), end < to || isTooLong(text));
  }

  static String cut(String text) {
    String clean = text.replace('\0', '\uFFFD');
    if (!isTooLong(clean)) {
      return clean;
    }
    byte[] bytes = clean.getBytes(UTF_8);
    int end = MAX_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, UTF_8);
  }

  /** Whether the text as it is kept has more than {@link #MAX_BYTES}. */
  static boolean isTooLong(String text) {
    return text.length() > MAX_BYTES / 3
        && text.replace('\0', '\uFFFD').getBytes(UTF_8).length > MAX_BYTES;
  }
}
