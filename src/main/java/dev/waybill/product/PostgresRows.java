package dev.waybill.product;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes rows in PostgreSQL's binary format for COPY. The encoded rows are next to each other in
 * one block of memory, so that many rows can be sent together. Not thread-safe.
 */
final class PostgresRows {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  /** The size of a block, in bytes. The server processes one block while the next block is sent. */
  private static final int BLOCK_BYTES = 64 * 1024;

  /** The value that the format uses as the length of a null value. */
  static final int NULL = -1;

  static final byte JSONB_VERSION = 1;

  /** The maximum number of bytes that a cell needs in addition to its text. */
  private static final int MOST_OTHER_BYTES = 32;

  private final List<Field> fields;
  private final boolean hasAttributes;
  private final boolean partial;
  private final int writer;
  private final int columns;
  private byte[] block = {};
  private int used;

  PostgresRows(HeaderMapping mapping, int writer) {
    this.writer = writer;
    this.fields = mapping.fields();
    this.hasAttributes = mapping.hasAttributes();
    this.partial = mapping.isPartial();
    this.columns = fields.size() + (hasAttributes ? 1 : 0) + 1 + (partial ? 1 : 0);
  }

  /**
   * Encodes one row. The encoded row contains the number of columns, the fields of the mapping, the
   * attributes if the mapping has attributes, and the writer. A partial row has its patch instead
   * of the attributes. At its end, a partial row also has the bits of the values that a stored
   * product keeps.
   */
  ProductRow encode(ProductRow row) {
    makeRoom(row);
    int from = used;
    putShort(columns);
    int skuFrom = used + Integer.BYTES;
    for (int slot = 0; slot < fields.size(); slot++) {
      cell(fields.get(slot), row.utf8(slot));
    }
    if (hasAttributes) {
      attributes(
          Objects.requireNonNull(partial ? row.attributesPatchUtf8() : row.attributesUtf8()));
    }
    putInt(Integer.BYTES);
    putInt(writer);
    if (partial) {
      putInt(Integer.BYTES);
      putInt(row.kept());
    }
    return row.encoded(block, from, used, skuFrom, skuFrom + row.skuLength());
  }

  private void makeRoom(ProductRow row) {
    int most = Short.BYTES;
    for (int slot = 0; slot < fields.size(); slot++) {
      byte[] value = row.utf8(slot);
      most += MOST_OTHER_BYTES + (value == null ? 0 : value.length);
    }
    byte[] attributes = partial ? row.attributesPatchUtf8() : row.attributesUtf8();
    most += 2 * MOST_OTHER_BYTES;
    most += MOST_OTHER_BYTES + (attributes == null ? 0 : attributes.length);
    if (used + most > block.length) {
      block = new byte[Math.max(BLOCK_BYTES, most)];
      used = 0;
    }
  }

  private void cell(Field field, byte @Nullable [] value) {
    if (value == null) {
      putInt(NULL);
      return;
    }
    switch (field) {
      case PRICE -> putPrice(value);
      case QUANTITY -> {
        putInt(Integer.BYTES);
        boolean negative = value[0] == '-';
        int number = (int) number(value, negative ? 1 : 0, value.length);
        putInt(negative ? -number : number);
      }
      case SKU, NAME, DESCRIPTION, CURRENCY, CATEGORY, BRAND, GTIN, IMAGE_URL -> {
        putInt(value.length);
        putBytes(value);
      }
    }
  }

  private void attributes(byte[] json) {
    putInt(1 + json.length);
    block[used++] = JSONB_VERSION;
    putBytes(json);
  }

  private void putBytes(byte[] utf8) {
    System.arraycopy(utf8, 0, block, used, utf8.length);
    used += utf8.length;
  }

  /**
   * Encodes a price with at most 15 digits before the point and 4 digits after the point, in
   * PostgreSQL's format for numeric. The price is written as five digits in base 10,000. The first
   * digit has the weight 3, which means that it is multiplied by 10,000 to the power of 3.
   */
  private void putPrice(byte[] price) {
    int point = 0;
    while (point < price.length && price[point] != '.') {
      point++;
    }
    int places = Math.max(0, price.length - point - 1);
    long whole = number(price, 0, point);
    int behind = (int) number(price, price.length - places, price.length);
    for (int place = places; place < 4; place++) {
      behind *= 10;
    }
    putInt(9 * Short.BYTES);
    putShort(5);
    putShort(3);
    putShort(0); // sign: positive
    putShort(places);
    putShort((int) (whole / 1_000_000_000_000L));
    putShort((int) (whole / 100_000_000 % 10_000));
    putShort((int) (whole / 10_000 % 10_000));
    putShort((int) (whole % 10_000));
    putShort(behind);
  }

  private static long number(byte[] digits, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + digits[i] - '0';
    }
    return number;
  }

  private void putInt(int value) {
    INT.set(block, used, value);
    used += Integer.BYTES;
  }

  private void putShort(int value) {
    SHORT.set(block, used, (short) value);
    used += Short.BYTES;
  }
}
