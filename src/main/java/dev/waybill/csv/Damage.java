package dev.waybill.csv;

/**
 * Why a record cannot be a row.
 *
 * @param detail for a person: what was found, where, and what to do
 */
public record Damage(Code code, String detail) {

  /** What kind of damage. */
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

    /** Its name on the wire, such as {@code field-count}. */
    public String wireName() {
      return wireName;
    }
  }
}
