package dev.waybill.product;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes the cells of a row in PostgreSQL's binary format for COPY. For one thread. */
final class PostgresRow {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private static final int NULL = -1;
  private static final byte JSONB_VERSION = 1;

  /** Of a cell, beside its text. */
  private static final int MOST_OTHER_BYTES = 32;

  private final List<Field> fields;
  private final boolean hasAttributes;
  private byte[] buffer = new byte[1024];
  private int used;

  PostgresRow(HeaderMapping mapping) {
    this.fields = mapping.fields();
    this.hasAttributes = mapping.hasAttributes();
  }

  /** The cells of the mapping's fields, then its attributes where it has any. */
  byte[] encode(ProductRow row) {
    used = 0;
    for (int slot = 0; slot < fields.size(); slot++) {
      cell(fields.get(slot), row.utf8(slot));
    }
    if (hasAttributes) {
      attributes(Objects.requireNonNull(row.attributesUtf8()));
    }
    return Arrays.copyOf(buffer, used);
  }

  private void cell(Field field, byte @Nullable [] value) {
    if (value == null) {
      makeRoom(0);
      putInt(NULL);
      return;
    }
    makeRoom(value.length);
    switch (field) {
      case PRICE -> putPrice(new String(value, US_ASCII));
      case QUANTITY -> {
        putInt(Integer.BYTES);
        putInt(Integer.parseInt(new String(value, US_ASCII)));
      }
      case SKU, NAME, DESCRIPTION, CURRENCY, CATEGORY, BRAND, GTIN, IMAGE_URL -> {
        putInt(value.length);
        putBytes(value);
      }
    }
  }

  private void attributes(byte[] json) {
    makeRoom(json.length);
    putInt(1 + json.length);
    buffer[used++] = JSONB_VERSION;
    putBytes(json);
  }

  private void putBytes(byte[] utf8) {
    System.arraycopy(utf8, 0, buffer, used, utf8.length);
    used += utf8.length;
  }

  /**
   * A price of at most 15 digits before the point and 4 behind it, as five digits to the base of
   * 10,000, the first of which counts 10,000 to the power of 3.
   */
  private void putPrice(String price) {
    int point = price.indexOf('.');
    int places = point < 0 ? 0 : price.length() - point - 1;
    long whole = Long.parseLong(price, 0, point < 0 ? price.length() : point, 10);
    int behind = places == 0 ? 0 : Integer.parseInt(price, point + 1, price.length(), 10);
    for (int place = places; place < 4; place++) {
      behind *= 10;
    }
    putInt(9 * Short.BYTES);
    putShort(5);
    putShort(3);
    putShort(0); // positive
    putShort(places);
    putShort((int) (whole / 1_000_000_000_000L));
    putShort((int) (whole / 100_000_000 % 10_000));
    putShort((int) (whole / 10_000 % 10_000));
    putShort((int) (whole % 10_000));
    putShort(behind);
  }

  private void putInt(int value) {
    INT.set(buffer, used, value);
    used += Integer.BYTES;
  }

  private void putShort(int value) {
    SHORT.set(buffer, used, (short) value);
    used += Short.BYTES;
  }

  private void makeRoom(int text) {
    int needed = used + MOST_OTHER_BYTES + text;
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
    }
  }
}
