package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.waybill.csv.Notice;
import dev.waybill.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a file would be read, as far as these rules are already known.
 *
 * @param plan the plan; null if the columns are not known well enough to read a row
 * @param problem the reason why the file cannot be imported with these settings; null if the file
 *     can be imported
 */
public record PreviewPlan(
    String format,
    List<Column> columns,
    List<Notice> notices,
    @Nullable ImportPlan plan,
    @Nullable Problem problem) {

  /**
   * A column of the file.
   *
   * @param header the name of the column in the file, cut at 200 characters; a repeated name is
   *     numbered
   * @param field the field as which the column is read; null for an attribute, {@code -} for a
   *     column that is left out
   * @param samples the first values of the column
   * @param numberFormat the format in which the numbers of the column are read; null if the column
   *     is not a column of numbers
   */
  @JsonPropertyOrder({"column", "header", "field", "samples", "numberFormat"})
  public record Column(
      int column,
      String header,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String field,
      List<String> samples,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ShownNumbers numberFormat) {}

  /**
   * The format in which a column of numbers is read.
   *
   * @param decimal {@code point}, {@code comma} or {@code mixed}; {@code unknown} if no cell shows
   *     the decimal separator; {@code undecided} if each cell can be read in two ways
   * @param cell a cell that can be read in two ways; null unless {@code decimal} is {@code
   *     undecided}
   * @param point the number that the cell means with a decimal point
   * @param comma the number that the cell means with a decimal comma
   * @param currency the ISO 4217 code of the currency that the header states for prices without
   *     another currency; null if the header states no currency
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ShownNumbers(
      String decimal,
      @Nullable String cell,
      @Nullable String point,
      @Nullable String comma,
      @Nullable String currency) {}
}
