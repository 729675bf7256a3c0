package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The columns of a product that can change. Each column is represented by one bit. This class also
 * provides the names of the columns that store the old and new values.
 */
final class ChangeColumns {

  static final String ATTRIBUTES = "attributes";

  static final List<String> ALL =
      Stream.concat(
              Stream.of(Field.values()).filter(field -> field != Field.SKU).map(Field::column),
              Stream.of(ATTRIBUTES))
          .toList();

  static final int EVERY_BIT = (1 << ALL.size()) - 1;

  /**
   * The maximum number of characters that are read of a value. At most 1,000 characters are shown.
   * One more character is read to detect a longer value.
   */
  private static final int CHARACTERS = 1001;

  private static final Set<String> LONG_TEXTS =
      Set.of("name", "description", "category", "brand", "image_url");

  private ChangeColumns() {}

  static int bit(String column) {
    return 1 << ALL.indexOf(column);
  }

  /** The columns that rows of this mapping may change. */
  static List<String> touched(HeaderMapping mapping) {
    List<String> columns = new ArrayList<>();
    mapping.fields().stream()
        .filter(field -> field != Field.SKU)
        .forEach(field -> columns.add(field.column()));
    if (mapping.hasAttributes()) {
      columns.add(ATTRIBUTES);
    }
    return columns;
  }

  static List<String> of(int bits) {
    return ALL.stream().filter(column -> (bits & bit(column)) != 0).toList();
  }

  static int bits(List<String> columns) {
    return columns.stream().mapToInt(ChangeColumns::bit).sum();
  }

  static String names(List<String> columns) {
    return list(columns, column -> "old_" + column) + list(columns, column -> "new_" + column);
  }

  /**
   * Joins the results of {@code each}, and puts a comma before every result, including the first.
   */
  static String list(List<String> columns, Function<String, String> each) {
    return columns.stream().map(column -> ", " + each.apply(column)).collect(joining());
  }

  /**
   * SQL for the first characters of a value that can be long. The result includes all characters
   * that are shown.
   */
  static String cut(String column, String value) {
    return LONG_TEXTS.contains(column) ? "substr(%s, 1, %d)".formatted(value, CHARACTERS) : value;
  }

  /** The given columns whose values can be large. */
  static Stream<String> large(List<String> columns) {
    return columns.stream()
        .filter(column -> LONG_TEXTS.contains(column) || column.equals(ATTRIBUTES));
  }

  /**
   * SQL for a bit set of columns: the sum of the bits of all columns for which the condition is
   * true.
   */
  static String changedBits(List<String> columns, Function<String, String> condition) {
    return columns.isEmpty()
        ? "0"
        : IntStream.range(0, columns.size())
            .mapToObj(
                i ->
                    "CASE WHEN %s THEN %d ELSE 0 END"
                        .formatted(condition.apply(columns.get(i)), bit(columns.get(i))))
            .collect(joining(" + "));
  }
}
