package dev.waybill.sheet;

import java.io.IOException;

/** Thrown if an archive or a workbook cannot be imported. The message is shown to the user. */
public final class SheetException extends IOException {

  /**
   * The kind of failure. The kinds differ in the action with which the sender can solve the
   * problem.
   */
  public enum Kind {
    /** The sender must send another file, because this file is damaged or is not a table. */
    UNREADABLE,
    /** The sender must send a smaller file. The message names the limit. */
    TOO_LARGE,
    /** The sender must name another sheet. */
    UNKNOWN_SHEET
  }

  private final Kind kind;

  private SheetException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  static SheetException unreadable(String message) {
    return new SheetException(Kind.UNREADABLE, message);
  }

  static SheetException tooLarge(String message) {
    return new SheetException(Kind.TOO_LARGE, message);
  }

  static SheetException unknownSheet(String message) {
    return new SheetException(Kind.UNKNOWN_SHEET, message);
  }
}
