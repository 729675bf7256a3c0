package dev.waybill.csv;

import java.util.Arrays;

/**
 * The first words of a stream that are not pure ASCII, because only they tell the charset, and a
 * product file may have few of them, far behind its start.
 */
final class NonAsciiSample {

  private static final int MAX_BYTES = 32 << 10;

  /** Below it no byte is part of a longer sequence in any charset that is detected. */
  private static final int SEPARATOR = 0x30;

  /** A word without an end is cut, so that a file without separators gives a sample, too. */
  private static final int MAX_BEFORE = 64;

  private final byte[] sample = new byte[MAX_BYTES];
  private int length;
  private boolean inWord;

  void update(byte[] bytes, int offset, int count) {
    int end = offset + count;
    int i = offset;
    while (i < end && length < MAX_BYTES) {
      if (!inWord) {
        int found = firstNonAscii(bytes, i, end);
        if (found == end) {
          return;
        }
        int start = found;
        while (start > i && found - start < MAX_BEFORE && !isSeparator(bytes[start - 1])) {
          start--;
        }
        i = start;
        inWord = true;
      }
      while (i < end && inWord && length < MAX_BYTES) {
        sample[length++] = bytes[i];
        inWord = !isSeparator(bytes[i]);
        i++;
      }
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
