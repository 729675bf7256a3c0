package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Combines partial rows of the same product that {@link PostgresRows} has encoded. The combined row
 * has the same effect on the product as the single rows one after the other. This class has no
 * state.
 */
final class FoldPartialRows {

  private final int fields;
  private final int nameSlot;
  private final boolean hasAttributes;
  private final boolean replacesAttributes;

  FoldPartialRows(HeaderMapping mapping) {
    this.fields = mapping.fields().size();
    this.nameSlot = mapping.nameSlot();
    this.hasAttributes = mapping.hasAttributes();
    this.replacesAttributes = mapping.replacesAttributes();
  }

  /** Whether the row has a name, which a new product needs. */
  boolean hasName(ProductRow row) {
    if (nameSlot < 0) {
      return false;
    }
    ByteBuffer cells = cells(row);
    for (int slot = 0; slot < nameSlot; slot++) {
      skipCell(cells);
    }
    return cells.getInt() != PostgresRows.NULL;
  }

  /**
   * Returns the row that has the effect of {@code earlier} and then {@code later}. Returns {@code
   * earlier} itself if the later row would leave the product unchanged after the earlier row.
   */
  ProductRow fold(ProductRow earlier, ProductRow later) {
    ByteBuffer before = cells(earlier);
    ByteBuffer after = cells(later);
    int kept = kept(earlier) & kept(later);
    byte[] patch = patch(earlier, later);
    int most = earlier.to() - earlier.from() + later.to() - later.from();
    ByteBuffer folded = ByteBuffer.allocate(most + (patch == null ? 0 : patch.length));
    folded.putShort(before.getShort(before.position() - Short.BYTES));
    for (int slot = 0; slot < fields; slot++) {
      ByteBuffer old = nextCell(before);
      ByteBuffer current = nextCell(after);
      folded.put((kept(later) & 1 << slot) != 0 ? old : current);
    }
    if (hasAttributes) {
      ByteBuffer old = nextCell(before);
      nextCell(after);
      if (patch == null) {
        folded.put(old);
      } else {
        folded.putInt(1 + patch.length).put(PostgresRows.JSONB_VERSION).put(patch);
      }
    }
    folded.put(nextCell(after)); // the writer
    folded.putInt(Integer.BYTES).putInt(kept);
    int length = folded.position();
    if (Arrays.equals(folded.array(), 0, length, earlier.block(), earlier.from(), earlier.to())) {
      return earlier;
    }
    int skuFrom = Short.BYTES + Integer.BYTES;
    return later.encoded(folded.array(), 0, length, skuFrom, skuFrom + later.skuLength());
  }

  /**
   * The patch of both rows together, or null if this patch is the patch of the earlier row. A
   * member that removes an attribute stays in the patch, because the stored product may have the
   * attribute.
   */
  private byte @Nullable [] patch(ProductRow earlier, ProductRow later) {
    if (!hasAttributes) {
      return null;
    }
    String before = attributes(earlier);
    String after = attributes(later);
    if (before.equals(after)) {
      return null;
    }
    if (replacesAttributes) {
      return after.getBytes(UTF_8);
    }
    Map<String, @Nullable String> patch = new LinkedHashMap<>(ProductColumns.attributes(before));
    patch.putAll(ProductColumns.attributes(after));
    StringBuilder json = new StringBuilder(before.length() + after.length()).append('{');
    patch.forEach(
        (name, value) -> {
          String member = JsonMembers.name(name);
          if (value == null) {
            JsonMembers.appendNull(json, member);
          } else {
            JsonMembers.append(json, member, value);
          }
        });
    return json.append('}').toString().getBytes(UTF_8);
  }

  private String attributes(ProductRow row) {
    ByteBuffer cells = cells(row);
    for (int slot = 0; slot < fields; slot++) {
      skipCell(cells);
    }
    int length = cells.getInt() - 1;
    return new String(row.block(), cells.position() + 1, length, UTF_8);
  }

  /**
   * The bits at the end of the row. For a combined row, these bits are the bits of all its rows.
   */
  private static int kept(ProductRow row) {
    return ByteBuffer.wrap(row.block()).getInt(row.to() - Integer.BYTES);
  }

  /** The row, positioned after the number of its columns. */
  private static ByteBuffer cells(ProductRow row) {
    return ByteBuffer.wrap(
        row.block(), row.from() + Short.BYTES, row.to() - row.from() - Short.BYTES);
  }

  /** The next cell with its length. */
  private static ByteBuffer nextCell(ByteBuffer cells) {
    int from = cells.position();
    skipCell(cells);
    return cells.duplicate().position(from).limit(cells.position());
  }

  private static void skipCell(ByteBuffer cells) {
    int length = cells.getInt();
    if (length != PostgresRows.NULL) {
      cells.position(cells.position() + length);
    }
  }
}
