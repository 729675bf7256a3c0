package dev.waybill.product;

/**
 * What became of the products of an undo.
 *
 * @param reversed got back what they were before, or would in a dry run
 * @param kept were left, because another job has written them since
 * @param missing were left, because they were deleted
 */
public record UndoCounts(long reversed, long kept, long missing) {

  public static final UndoCounts NONE = new UndoCounts(0, 0, 0);

  public UndoCounts plus(UndoCounts other) {
    return new UndoCounts(reversed + other.reversed, kept + other.kept, missing + other.missing);
  }

  public long products() {
    return reversed + kept + missing;
  }
}
