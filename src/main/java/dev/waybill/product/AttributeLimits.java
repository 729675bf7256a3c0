package dev.waybill.product;

/**
 * Limits how many attributes one product may have, and how large they may be together. The
 * attributes of several files add up in one product. Without a limit they grew until a process
 * could no longer read the product.
 *
 * <p>The size is that of the attributes as one JSON object in UTF-8 without white space.
 */
final class AttributeLimits {

  static final int MAX_COUNT = 256;
  static final int MAX_BYTES = 256 << 10;

  /**
   * An object of at most this size never has too many members, because each member takes at least 8
   * bytes, as {@code "a":"b",} does. So the databases count members only in larger objects.
   */
  static final int SURELY_FEW_BYTES = 8 * MAX_COUNT;

  private AttributeLimits() {}

  /** The size and the number of the attributes of one product. */
  record Size(int count, long bytes) {

    static final Size NONE = new Size(0, 2);

    /** The size of one object with these attributes and others. No name may be in both. */
    Size plus(Size others) {
      int comma = count > 0 && others.count > 0 ? 1 : 0;
      return new Size(count + others.count, bytes + others.bytes - 2 + comma);
    }

    /**
     * Whether a row must not change a product's attributes to this size. Attributes that are
     * already above the limit may stay above it, but must not grow.
     */
    boolean isTooLarge(Size before) {
      return count > Math.max(MAX_COUNT, before.count) || bytes > Math.max(MAX_BYTES, before.bytes);
    }
  }

  /** The error of a row that would make its product too large. */
  static RowError error() {
    return new RowError(
        null,
        "attributes-too-large",
        "With this row the product would have too many or too large attributes; at most %d attributes and %d KB are allowed."
            .formatted(MAX_COUNT, MAX_BYTES >> 10),
        null);
  }
}
