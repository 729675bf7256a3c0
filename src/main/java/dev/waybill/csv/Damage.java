package dev.waybill.csv;

/**
 * The reason why a record cannot become a row.
 *
 * @param detail a text for the user that says what was found, where it was found, and what the user
 *     can do
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
