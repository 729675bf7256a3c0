package dev.waybill.csv;

import java.util.Arrays;

/**
 * Collects the first words of a stream that contain non-ASCII bytes, because only these words show
 * the charset. A product file may have few such words, and they may be far from its start.
 */
final class NonAsciiSample {

  private static final int MAX_BYTES = 32 << 10;

  /**
   * The value below which a byte separates words. In all detected charsets, a byte below this value
   * is never part of a longer sequence.
   */
  private static final int SEPARATOR = 0x30;

  /** The maximum number of collected bytes of a word that precede its first non-ASCII byte. */
  private static final int MAX_BEFORE = 64;

  private final byte[] sample = new byte[MAX_BYTES];
  private int length;
  // Whether the current word is being collected.
  private boolean inWord;

  // A ring buffer of the last ASCII letters, used while no word is collected.
  private final byte[] before = new byte[MAX_BEFORE];
  // The number of bytes after the start of the word. The ring buffer contains the last of these
  // bytes.
  private long beforeCount;

  void update(byte[] bytes, int offset, int count) {
    int end = offset + count;
    int i = offset;
    while (i < end && length < MAX_BYTES) {
      if (inWord) {
        take(bytes[i]);
        inWord = !isSeparator(bytes[i]);
        i++;
        beforeCount = 0;
      } else {
        int found = firstNonAscii(bytes, i, end);
        remember(bytes, i, found);
        i = found;
        inWord = found < end;
        for (long b = Math.max(0, beforeCount - MAX_BEFORE); inWord && b < beforeCount; b++) {
          take(before[(int) (b % MAX_BEFORE)]);
        }
      }
    }
  }

  private void take(byte b) {
    if (length < MAX_BYTES) {
      sample[length++] = b;
    }
  }

  /**
   * Keeps the start of a word, because the non-ASCII bytes of the word may come in the next call.
   */
  private void remember(byte[] bytes, int from, int to) {
    int start = to;
    while (start > from && to - start < MAX_BEFORE && !isSeparator(bytes[start - 1])) {
      start--;
    }
    if (start > from) {
      beforeCount = 0;
    }
    for (int i = start; i < to; i++) {
      before[(int) (beforeCount++ % MAX_BEFORE)] = bytes[i];
    }
  }

  byte[] bytes() {
    return Arrays.copyOf(sample, length);
  }

  private static boolean isSeparator(byte b) {
    return b >= 0 && b < SEPARATOR;
  }

  private static int firstNonAscii(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i;
  }
}
