package dev.waybill.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Byte order marks. A byte order mark is the first bytes of a text and identifies the charset of
 * the text. If a longer mark starts with the bytes of a shorter mark, the longer mark comes first
 * in this list.
 */
enum ByteOrderMark {
  UTF_32LE(StandardCharsets.UTF_32LE, 0xFF, 0xFE, 0, 0),
  UTF_32BE(StandardCharsets.UTF_32BE, 0, 0, 0xFE, 0xFF),
  UTF_8(StandardCharsets.UTF_8, 0xEF, 0xBB, 0xBF),
  UTF_16LE(StandardCharsets.UTF_16LE, 0xFF, 0xFE),
  UTF_16BE(StandardCharsets.UTF_16BE, 0xFE, 0xFF);

  private final Charset charset;
  private final int[] bytes;

  ByteOrderMark(Charset charset, int... bytes) {
    this.charset = charset;
    this.bytes = bytes;
  }

  Charset charset() {
    return charset;
  }

  static Optional<ByteOrderMark> of(byte[] head, int length) {
    return Arrays.stream(values()).filter(mark -> mark.starts(head, length)).findFirst();
  }

  private boolean starts(byte[] head, int length) {
    if (length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((head[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
