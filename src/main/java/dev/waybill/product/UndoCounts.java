package dev.waybill.product;

/**
 * The numbers of products of an undo, by result.
 *
 * @param reversed the number of products that have the values from before the undone job again, or
 *     would have them in a dry run
 * @param deleted the number of reversed products that the undone job had created, so that the undo
 *     deletes them
 * @param recreated the number of reversed products that the undone job had deleted, so that the
 *     undo creates them again
 * @param kept the number of products that were left unchanged, because another job has written them
 *     after the undone job
 * @param missing the number of products that could not be reversed, because they no longer exist
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
