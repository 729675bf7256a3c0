package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The text of a record in the form that is stored for the user. The text is cut to a limit and
 * contains no NUL, because no database stores NUL.
 *
 * @param cut whether the record is longer than this text
 * @param foreign whether the stored part had NUL or bytes that are not UTF-8
 */
record Original(String text, boolean cut, boolean foreign) {

  /** The maximum number of bytes of UTF-8 that are kept. */
  static final int MAX_BYTES = 64 << 10;

  /**
   * @param bytes the record's text, or at least its first {@link #MAX_BYTES} + 1 bytes
   */
  static Original of(byte[] bytes, int from, int to) {
    int end = Math.min(to, from + MAX_BYTES);
    // Does not cut inside a character, because a part of a character would count as bytes that are
    // not UTF-8.
    for (int back = 0; end < to && back < 3 && (bytes[end] & 0xC0) == 0x80; back++) {
      end--;
    }
    String text = new String(bytes, from, end - from, UTF_8);
    Utf8Tally tally = new Utf8Tally();
    tally.update(bytes, from, end - from);
    boolean foreign = tally.finish().badBytes() > 0 || text.indexOf('\0') >= 0;
    return new Original(cut(text), end < to || isTooLong(text), foreign);
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

  /** Whether the stored text would have more than {@link #MAX_BYTES}. */
  static boolean isTooLong(String text) {
    return text.length() > MAX_BYTES / 3
        && text.replace('\0', '\uFFFD').getBytes(UTF_8).length > MAX_BYTES;
  }
}
