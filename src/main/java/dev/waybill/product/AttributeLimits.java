package dev.waybill.product;

/**
 * Limits the number and the total size of the attributes of one product. Several files can add
 * attributes to the same product. Without a limit, the attributes grew until a process could no
 * longer read the product.
 *
 * <p>The size of attributes is the size of one JSON object in UTF-8 without white space that
 * contains all attributes.
 */
final class AttributeLimits {

  static final int MAX_COUNT = 256;
  static final int MAX_BYTES = 256 << 10;

  /**
   * The size, in bytes, up to which a JSON object never has too many members. Even the shortest
   * member, such as {@code "a":"b",}, takes 8 bytes. So the databases count the members only in
   * larger objects.
   */
  static final int SURELY_FEW_BYTES = 8 * MAX_COUNT;

  private AttributeLimits() {}

  /** The size and the number of the attributes of one product. */
  record Size(int count, long bytes) {

    static final Size NONE = new Size(0, 2);

    /**
     * The size of one JSON object that contains these attributes and other attributes. No name may
     * occur in both sets of attributes.
     */
    Size plus(Size others) {
      int comma = count > 0 && others.count > 0 ? 1 : 0;
      return new Size(count + others.count, bytes + others.bytes - 2 + comma);
    }

    /**
     * Whether this size is not allowed after a change. If the attributes were already above the
     * limit before the change, they may stay above the limit, but must not grow.
     */
    boolean isTooLarge(Size before) {
      return count > Math.max(MAX_COUNT, before.count) || bytes > Math.max(MAX_BYTES, before.bytes);
    }
  }

  /** The error of a row that would make the attributes of its product too large. */
  static RowError error() {
    return new RowError(
        null,
        "attributes-too-large",
        "With this row the product would have too many or too large attributes; at most %d attributes and %d KB are allowed."
            .formatted(MAX_COUNT, MAX_BYTES >> 10),
        null);
  }
}
