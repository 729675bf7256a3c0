package dev.waybill.product;

/**
 * The results of an undo, as numbers of products.
 *
 * @param reversed products that got their old values back, or, in a dry run, would get them back
 * @param kept products that were left unchanged, because another job has written them since
 * @param missing products that could not be reversed, because they no longer exist
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
