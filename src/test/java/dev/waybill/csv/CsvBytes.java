package dev.waybill.csv;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Makes CSV files in memory. */
final class CsvBytes {

  private CsvBytes() {}

  static ByteSource of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static ByteSource of(byte[] bytes) {
    return offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
  }
}
