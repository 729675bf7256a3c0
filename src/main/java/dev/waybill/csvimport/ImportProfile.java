package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.HeaderMapping;
import java.util.List;
import java.util.Map;

/**
 * A known file format. The profile recognises files of this format and determines how their rows
 * become products.
 */
interface ImportProfile {

  /** The stable name of the format. This name is stored with each job. */
  String format();

  /**
   * Whether a file with this header has the format.
   *
   * @param header the cells of the header, stripped
   */
  boolean recognises(List<String> header);

  /**
   * The use of the columns whose names alone do not show their use.
   *
   * @return the use of each of these columns, by header. An explicit {@code map=} of the caller
   *     overrides this use
   */
  Map<String, ColumnUse> columns(List<String> header);

  /**
   * Whether Waybill exported the file. In an exported file, numbers are written unambiguously, and
   * some cells start with a {@code '} that the export added.
   */
  default boolean isOwn() {
    return false;
  }

  /** The rules by which the rows of a file become products. */
  AssembleProducts assembly(HeaderMapping mapping);
}
