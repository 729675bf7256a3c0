package dev.waybill.product;

/**
 * The results of an undo, as numbers of products.
 *
 * @param reversed products that are as before the undone job again, or, in a dry run, would be
 * @param deleted those reversed products that the undone job had created, so the undo deletes them
 * @param recreated those reversed products that the undone job had deleted, so the undo creates
 *     them again
 * @param kept products that were left unchanged, because another job has written them since
 * @param missing products that could not be reversed, because they no longer exist
 */
public record UndoCounts(long reversed, long deleted, long recreated, long kept, long missing) {

  public static final UndoCounts NONE = new UndoCounts(0, 0, 0, 0, 0);

  public UndoCounts plus(UndoCounts other) {
    return new UndoCounts(
        reversed + other.reversed,
        deleted + other.deleted,
        recreated + other.recreated,
        kept + other.kept,
        missing + other.missing);
  }

  public long products() {
    return reversed + kept + missing;
  }
}
