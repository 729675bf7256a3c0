package dev.waybill.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Counts the valid sequences of two or more bytes in a stream of UTF-8, and the bytes that are not
 * valid. Overlong forms, surrogates and values above U+10FFFF are not valid. The counts do not
 * depend on the pieces in which the stream arrives.
 */
final class Utf8Tally {

  /**
   * @param sequences the number of valid sequences of two or more bytes
   * @param badBytes the number of bytes that are not part of a valid sequence
   */
  record Count(long sequences, long badBytes) {}

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private long sequences;
  private long badBytes;

  // The following fields are the state of the current sequence: the bytes seen, the bytes missing,
  // and the allowed range of the next byte.
  private int seen;
  private int missing;
  private int low;
  private int high;

  void update(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      if (missing == 0) {
        i = skipAscii(bytes, i, end);
        if (i < end) {
          begin(bytes[i++] & 0xFF);
        }
      } else {
        int b = bytes[i] & 0xFF;
        if (b < low || b > high) {
          // The sequence ended too early. The current byte may start the next sequence.
          badBytes += seen;
          missing = 0;
          continue;
        }
        i++;
        seen++;
        low = 0x80;
        high = 0xBF;
        if (--missing == 0) {
          sequences++;
        }
      }
    }
  }

  /** The count so far. The bytes of an incomplete sequence at the end count as bad bytes. */
  Count finish() {
    return new Count(sequences, badBytes + (missing > 0 ? seen : 0));
  }

  private static int skipAscii(byte[] bytes, int from, int end) {
    int i = from;
    while (i <= end - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  private void begin(int b) {
    seen = 1;
    low = 0x80;
    high = 0xBF;
    if (b >= 0xC2 && b <= 0xDF) {
      missing = 1;
    } else if (b >= 0xE0 && b <= 0xEF) {
      missing = 2;
      low = b == 0xE0 ? 0xA0 : 0x80; // excludes overlong forms
      high = b == 0xED ? 0x9F : 0xBF; // excludes surrogates
    } else if (b >= 0xF0 && b <= 0xF4) {
      missing = 3;
      low = b == 0xF0 ? 0x90 : 0x80; // excludes overlong forms
      high = b == 0xF4 ? 0x8F : 0xBF; // excludes code points above U+10FFFF
    } else {
      badBytes++;
    }
  }
}
