package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Makes the problems for headers that cannot be used. The texts help a person in the shop to
 * correct the file.
 */
final class HeaderProblems {

  private static final int MOST_NAMES_SHOWN = 30;
  private static final int LONGEST_NAME_TOLD = 60;

  /**
   * The maximum number of entries of {@code errors} in one answer. The text in {@code detail}
   * contains the total number of errors.
   */
  static final int MOST_ERRORS = 20;

  /** The maximum number of names in {@code found} of one error. */
  static final int MOST_FOUND = 100;

  /**
   * The maximum length, in characters, of a name in {@code column}, {@code found} and {@code
   * nearMatches}.
   */
  static final int LONGEST_NAME = 200;

  /**
   * The maximum total length, in characters, of {@code found} in all errors of one answer. Each
   * error repeats the list of found columns. Before this limit existed, a header of 1 KB in gzip
   * caused an answer of 400 MB.
   */
  static final int FOUND_CHARACTERS = 16_000;

  /**
   * Matches a name that looks like a whole line. Such a name contains a character that may be the
   * delimiter.
   */
  private static final Pattern WHOLE_LINE =
      Pattern.compile(
          "[\\p{L}\\p{N}_\\])\"]\\s*[^\\p{L}\\p{N}\\s_()\\[\\]/.#:'’-]+\\s*[\\p{L}\\p{N}_\"]");

  private HeaderProblems() {}

  /**
   * One entry of {@code errors}.
   *
   * @param column the column with the error, by its name in the file or in {@code map=}. For a
   *     missing column, the name of the field. Null for a column without a name
   * @param found the columns that the file has
   * @param nearMatches the found columns that the caller perhaps meant
   * @param repeated the values that repeat in a column that is named like a sku; null if repeated
   *     values are not the reason of the error
   */
  @JsonPropertyOrder({"column", "code", "detail", "found", "nearMatches", "repeated"})
  record HeaderError(
      @Nullable String column,
      String code,
      String detail,
      List<String> found,
      List<String> nearMatches,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RepeatedSku repeated) {

    HeaderError(
        @Nullable String column,
        String code,
        String detail,
        List<String> found,
        List<String> nearMatches) {
      this(column, code, detail, found, nearMatches, null);
    }

    HeaderError {
      column = column == null ? null : RowError.cut(column, LONGEST_NAME);
      nearMatches = cut(nearMatches, MOST_FOUND, FOUND_CHARACTERS);
    }

    /**
     * The same error, with {@code found} shortened to the names that fit into this number of
     * characters.
     */
    private HeaderError withinCharacters(int characters) {
      return new HeaderError(
          column, code, detail, cut(found, MOST_FOUND, characters), nearMatches, repeated);
    }

    private static List<String> cut(List<String> names, int most, int characters) {
      List<String> kept = new ArrayList<>();
      int left = characters;
      for (String name : names.subList(0, Math.min(most, names.size()))) {
        String shown = RowError.cut(name, LONGEST_NAME);
        left -= shown.length();
        if (left < 0) {
          break;
        }
        kept.add(shown);
      }
      return List.copyOf(kept);
    }
  }

  /**
   * A value that several rows have in a column that is named like a sku.
   *
   * @param header the name of the column
   * @param rows the first of these rows
   */
  record RepeatedSku(String header, String value, List<Integer> rows) {

    RepeatedSku {
      header = RowError.cut(header, LONGEST_NAME);
    }
  }

  /**
   * Refuses a {@code map=} whose column is not in the file or matches several columns, with the
   * problem {@code mapping}.
   */
  static void refuseUnknownColumns(List<String> found, List<String> unknown) {
    List<HeaderError> errors = new ArrayList<>();
    // Searches similar names only for the errors that are shown, because the cost of comparing all
    // names with all columns is quadratic.
    for (String name : unknown.subList(0, Math.min(MOST_ERRORS, unknown.size()))) {
      List<String> near = NearMatches.toName(name, found);
      errors.add(
          new HeaderError(
              name,
              "mapping",
              "map= names the column %s, which the file does not have.%s"
                  .formatted(quoted(name), didYouMean(near)),
              found,
              near));
    }
    refuseMapping(found, errors);
  }

  /**
   * Refuses two columns for one field, or two fields for one column, with the problem {@code
   * mapping}.
   */
  static void refuseAmbiguousMapping(
      List<String> found,
      Map<String, List<Field>> askedByColumn,
      Map<Field, List<String>> columnsOfField) {
    List<HeaderError> errors = new ArrayList<>();
    askedByColumn.forEach(
        (column, fields) -> {
          if (fields.stream().distinct().count() > 1) {
            errors.add(
                new HeaderError(
                    column,
                    "mapping",
                    "map= reads the column %s as %s. A column can be only one of them."
                        .formatted(
                            quoted(column),
                            fields.stream().map(Field::column).collect(joining(" and "))),
                    found,
                    List.of()));
          }
        });
    columnsOfField.forEach(
        (field, columns) -> {
          if (columns.size() > 1) {
            errors.add(
                new HeaderError(
                    columns.get(1),
                    "mapping",
                    "The columns %s are both %s; only one can be."
                        .formatted(
                            columns.stream()
                                .limit(MOST_NAMES_SHOWN)
                                .map(HeaderProblems::quoted)
                                .collect(joining(" and ")),
                            field.column()),
                    found,
                    List.of()));
          }
        });
    refuseMapping(found, errors);
  }

  /**
   * Refuses a file without a column for the sku, with the problem {@code column-missing}.
   *
   * @param near the columns that may be the sku
   */
  static void refuseWithoutSku(List<String> found, List<String> near) {
    // If the header was not split into cells, the whole line is the only name. A suggestion of map=
    // with this name would not help.
    boolean uncut = found.size() == 1 && WHOLE_LINE.matcher(found.getFirst()).find();
    List<String> likely = uncut ? List.of() : near;
    String hint =
        likely.isEmpty()
            ? ""
            : didYouMean(likely)
                + " Rename it, or upload with map=%s:sku.".formatted(likely.getFirst());
    String delimiter =
        found.size() == 1
            ? " Only one column was found: if the cells are not separated by commas, say how with"
                + " delimiter=semicolon, tab or pipe, or with the character itself. If"
                + " each line is in quotes, remove them."
            : "";
    refuse(
        "column-missing",
        "A required column is missing",
        "Every file needs the column sku." + delimiter,
        found,
        List.of(
            new HeaderError(
                Field.SKU.column(),
                "column-missing",
                "The column sku is missing." + hint,
                found,
                likely)));
  }

  /**
   * Refuses a file with the problem {@code column-missing}, because the values repeat in the only
   * column that is named like a sku. This column is not in {@code nearMatches}, so no page proposes
   * the column. But the text says how the caller can use the column as the sku.
   *
   * @param near the other columns that may be the sku
   */
  static void refuseRepeatedSku(
      List<String> found, String column, HeaderSample.Repeated repeated, List<String> near) {
    String rows =
        repeated.rows().subList(0, repeated.rows().size() - 1).stream()
            .map(String::valueOf)
            .collect(joining(", "));
    String last = String.valueOf(repeated.rows().getLast());
    String where = repeated.more() ? rows + ", " + last + " and more" : rows + " and " + last;
    refuse(
        "column-missing",
        "A required column is missing",
        "Every file needs the column sku.",
        found,
        List.of(
            new HeaderError(
                Field.SKU.column(),
                "column-missing",
                "%1$s is a name of the sku, but its values repeat: %2$s is in rows %3$s, which would become one product with the values of the last row. If that is right, upload with map=%4$s:sku. Otherwise correct the rows, or name another column with map=%5$s:sku."
                    .formatted(
                        quoted(column),
                        quoted(repeated.value()),
                        where,
                        RowError.cut(column, LONGEST_NAME_TOLD),
                        near.isEmpty() ? "<header>" : near.getFirst()),
                found,
                near,
                new RepeatedSku(column, repeated.value(), repeated.rows()))));
  }

  private static void refuseMapping(List<String> found, List<HeaderError> errors) {
    refuse(
        "mapping",
        "The columns cannot be matched to fields",
        "Each field takes one column, and map=<header>:<field> a column of the file.",
        found,
        errors);
  }

  private static void refuse(
      String name, String title, String rule, List<String> found, List<HeaderError> errors) {
    if (errors.isEmpty()) {
      return;
    }
    String detail =
        Stream.concat(
                errors.stream().limit(MOST_ERRORS).map(HeaderError::detail),
                Stream.of(rule, "Found: " + listed(found) + "."))
            .collect(joining(" "));
    int shown = Math.min(MOST_ERRORS, errors.size());
    throw Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, name, title, detail)
        .withErrors(
            errors.subList(0, shown).stream()
                .map(error -> error.withinCharacters(FOUND_CHARACTERS / shown))
                .toList());
  }

  private static String didYouMean(List<String> near) {
    return near.isEmpty()
        ? ""
        : " Did you mean "
            + near.stream().map(HeaderProblems::quoted).collect(joining(" or "))
            + "?";
  }

  private static String listed(Collection<String> names) {
    String shown =
        names.stream().limit(MOST_NAMES_SHOWN).map(HeaderProblems::quoted).collect(joining(", "));
    int rest = names.size() - MOST_NAMES_SHOWN;
    return rest > 0 ? shown + " and " + rest + " more" : shown;
  }

  private static String quoted(String name) {
    return "“" + RowError.cut(name, LONGEST_NAME_TOLD) + "”";
  }
}
