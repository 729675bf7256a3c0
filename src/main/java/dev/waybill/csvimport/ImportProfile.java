package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.HeaderMapping;
import java.util.List;
import java.util.Map;

/** What a known kind of file looks like, and how its rows become products. */
interface ImportProfile {

  /** The stable name, stored with each job. */
  String format();

  /**
   * Whether a file with this header is of the kind.
   *
   * @param header the cells of the header, stripped
   */
  boolean recognises(List<String> header);

  /**
   * What columns are used for, where their names alone do not say it.
   *
   * @return by header; an explicit {@code map=} wins over it
   */
  Map<String, ColumnUse> columns(List<String> header);

  /** Whether Waybill wrote the file: its cells mean what they say, and some have a {@code '}. */
  default boolean isOwn() {
    return false;
  }

  /** How the rows of a file become products. */
  AssembleProducts assembly(HeaderMapping mapping);
}
