package dev.waybill.upload;

import dev.waybill.csv.ByteSource;
import dev.waybill.csv.Notice;
import dev.waybill.csv.TextVerdict;
import dev.waybill.csvimport.TypedNumbers;
import dev.waybill.sheet.ConvertedSheet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file to be checked, wherever it is.
 *
 * @param size in bytes
 * @param verdict whether it is text, and in which charset
 * @param sheet what it was converted from; null for any other file
 */
record TextFile(ByteSource bytes, long size, TextVerdict verdict, @Nullable ConvertedSheet sheet) {

  /** What was noticed before it was text. */
  List<Notice> notices() {
    return sheet == null ? List.of() : sheet.notices();
  }

  /** Which of its cells are numbers; null if that is not known. */
  @Nullable TypedNumbers numbers() {
    return sheet == null ? null : TypedNumbers.of(sheet.numbers(), sheet.textNumbers());
  }
}
