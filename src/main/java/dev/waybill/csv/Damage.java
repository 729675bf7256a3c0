package dev.waybill.csv;

/**
 * The reason why a record cannot become a row.
 *
 * @param detail for the user: what was found, where, and what to do
 */
public record Damage(Code code, String detail) {

  /** The kinds of damage. */
  public enum Code {
    QUOTE("quote"),
    FIELD_COUNT("field-count"),
    RECORD_TOO_LARGE("record-too-large"),
    CHARSET("charset"),
    HEADER("second-header");

    private final String wireName;

    Code(String wireName) {
      this.wireName = wireName;
    }

    /** The name of this code in the API, such as {@code field-count}. */
    public String wireName() {
      return wireName;
    }
  }
}
