package dev.waybill.csvimport;

/**
 * What became of the rows of committed chunks. Always {@code rows = created + updated + unchanged +
 * rejected}.
 */
public record Counts(long rows, long created, long updated, long unchanged, long rejected) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

  /** The rows that were not rejected. */
  public long accepted() {
    return created + updated + unchanged;
  }

  boolean addUp() {
    return rows == accepted() + rejected;
  }
}
