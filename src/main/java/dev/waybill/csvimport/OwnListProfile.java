package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The format of a list that Waybill exported: the products of a job, the catalogue, or the rejected
 * rows of an import of such a list. The list is recognised by its exact header. So if a user
 * exports such a list, edits it and imports it again, only the edited values change.
 */
final class OwnListProfile implements ImportProfile {

  private static final List<String> ROW = List.of("row", "result");

  static final String ATTRIBUTES = "attributes";

  /** The header of an export of the catalogue. */
  static final List<String> CATALOGUE =
      Stream.concat(Arrays.stream(Field.values()).map(Field::column), Stream.of(ATTRIBUTES))
          .toList();

  /** The header of an export of the products of a job. */
  static final List<String> OF_JOB = Stream.concat(ROW.stream(), CATALOGUE.stream()).toList();

  /**
   * The header of the rejected rows of an import of either export. The columns {@code row} and
   * {@code result} are not imported, so this header does not contain them.
   */
  private static final List<String> REJECTED =
      Stream.concat(CATALOGUE.stream(), RejectionsCsv.ADDED.stream()).toList();

  @Override
  public String format() {
    return "waybill";
  }

  @Override
  public boolean recognises(List<String> header) {
    return header.equals(CATALOGUE) || header.equals(OF_JOB) || header.equals(REJECTED);
  }

  @Override
  public Map<String, ColumnUse> columns(List<String> header) {
    return header.equals(OF_JOB)
        ? Map.of("row", ColumnUse.IGNORED, "result", ColumnUse.IGNORED)
        : Map.of();
  }

  @Override
  public boolean isOwn() {
    return true;
  }

  @Override
  public AssembleProducts assembly(HeaderMapping mapping) {
    return AssembleProducts.ROW_BY_ROW;
  }
}
