package dev.waybill.upload;

import dev.waybill.csv.ByteSource;
import dev.waybill.csv.Notice;
import dev.waybill.csv.TextVerdict;
import dev.waybill.csvimport.TypedNumbers;
import dev.waybill.sheet.ConvertedSheet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that Waybill checks. The file is either a draft, which is still being received, or a
 * stored file.
 *
 * @param size the size of the file in bytes
 * @param verdict whether the file is text, and in which charset
 * @param sheet the sheet from which the file was converted; null for any other file
 */
record TextFile(ByteSource bytes, long size, TextVerdict verdict, @Nullable ConvertedSheet sheet) {

  /** The notices of the conversion from a sheet; empty for any other file. */
  List<Notice> notices() {
    return sheet == null ? List.of() : sheet.notices();
  }

  /**
   * The columns that contain numbers; null if these columns are not known, because the file is not
   * a sheet.
   */
  @Nullable TypedNumbers numbers() {
    return sheet == null ? null : TypedNumbers.of(sheet.numbers(), sheet.textNumbers());
  }
}
