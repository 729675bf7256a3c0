package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.HeaderMapping;
import java.util.List;
import java.util.Map;

/** A known file format: how to recognise it, and how its rows become products. */
interface ImportProfile {

  /** The stable name of the format. It is stored with each job. */
  String format();

  /**
   * Whether a file with this header has the format.
   *
   * @param header the cells of the header, stripped
   */
  boolean recognises(List<String> header);

  /**
   * The use of those columns whose names alone do not show how they are used.
   *
   * @return the use of each such column, by header; an explicit {@code map=} of the caller
   *     overrides it
   */
  Map<String, ColumnUse> columns(List<String> header);

  /**
   * Whether Waybill exported the file. In such a file numbers are written unambiguously, and some
   * cells start with a {@code '} that the export added.
   */
  default boolean isOwn() {
    return false;
  }

  /** How the rows of a file become products. */
  AssembleProducts assembly(HeaderMapping mapping);
}
