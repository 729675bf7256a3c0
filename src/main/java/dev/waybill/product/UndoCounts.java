package dev.waybill.product;

/**
 * What an undo did with the products, in numbers.
 *
 * @param reversed products that got back their old values, or would get them in a dry run
 * @param kept products that were left unchanged, because another job has written them since
 * @param missing products that could not be reversed, because they were deleted
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
