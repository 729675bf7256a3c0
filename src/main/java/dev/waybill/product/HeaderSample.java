package dev.waybill.product;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects information about the columns of a file from its first rows. This class examines a
 * column only for the fields that the column's name suggests or that are requested. So a file with
 * many columns takes little time.
 */
public final class HeaderSample {

  /**
   * The number of rows that are examined to judge a column. If some cells of a column are blank,
   * more rows are read to find its number format.
   */
  private static final int MOST_ROWS = 1000;

  /** The maximum number of characters that are compared of two cells. */
  private static final int COMPARED = 100;

  private static final int GTIN_DIGITS = 8;

  /** The maximum number of rows that an error names for a value that repeats. */
  private static final int ROWS_SHOWN = 3;

  private final List<@Nullable Column> columns = new ArrayList<>();
  private int rows;
  private int damaged;

  /**
   * Creates an empty sample.
   *
   * @param header the cells of the header
   * @param requested the uses that {@code map=} requests, by name of the column
   */
  public HeaderSample(List<String> header, Map<String, ColumnUse> requested) {
    Map<String, ColumnUse> asked = new HashMap<>();
    requested.forEach((name, use) -> asked.put(Field.loose(name.replaceFirst("#\\d+$", "")), use));
    List<String> unique = ColumnNames.unique(header);
    for (int index = 0; index < header.size(); index++) {
      String name = header.get(index);
      ColumnUse own = requested.get(unique.get(index));
      ColumnUse use = own == null ? asked.get(Field.loose(name)) : own;
      Set<Field> fields = fields(name, use);
      columns.add(fields.isEmpty() ? null : new Column(fields));
    }
  }

  /** The fields for which a column may be used. */
  private static Set<Field> fields(String name, @Nullable ColumnUse asked) {
    Set<Field> fields = EnumSet.noneOf(Field.class);
    Synonyms.of(name).map(Synonyms.Meaning::field).ifPresent(fields::add);
    if (NearMatches.mayBe(Field.SKU, name)) {
      fields.add(Field.SKU);
    }
    if (asked instanceof ColumnUse.AsField(Field wanted)) {
      fields.add(wanted);
    }
    return fields;
  }

  /** The sample for a file without rows. */
  public static HeaderSample none() {
    return new HeaderSample(List.of(), Map.of());
  }

  /** Examines the next row, which may have fewer or more cells than the header. */
  public void add(String[] cells) {
    int width = Math.min(cells.length, columns.size());
    for (int index = 0; index < width; index++) {
      Column column = columns.get(index);
      if (column != null) {
        if (column.isNumber()) {
          column.numbers.add(cells[index]);
        }
        if (rows < MOST_ROWS) {
          column.add(cells[index].strip(), rows + damaged + 1);
        }
      }
    }
    rows++;
  }

  /** Counts a row that cannot be examined, so that the numbers of later rows are correct. */
  public void skip() {
    damaged++;
  }

  /** Whether enough rows were examined to determine the number formats of the file. */
  public boolean isEnough() {
    return rows >= MOST_ROWS
        && columns.stream()
            .allMatch(column -> column == null || !column.isNumber() || column.numbers.isFull());
  }

  public int rows() {
    return rows;
  }

  /** The sample of the numbers of a column; an empty sample if the column was not examined. */
  public NumberSample numbers(int index) {
    Column column = index >= 0 && index < columns.size() ? columns.get(index) : null;
    return column == null ? new NumberSample() : column.numbers;
  }

  boolean looksLike(Field field, int index) {
    Column column = index < columns.size() ? columns.get(index) : null;
    if (column == null || !column.fields.contains(field)) {
      return true;
    }
    return switch (field) {
      case PRICE, QUANTITY -> column.numbers.looksLikeNumbers();
      case IMAGE_URL -> 2 * column.addresses >= column.filled;
      case GTIN -> 2 * column.withDigits >= column.filled;
      case SKU -> column.looksUnique();
      case NAME, DESCRIPTION, CURRENCY, CATEGORY, BRAND -> true;
    };
  }

  /** Whether many rows would overwrite the products of other rows if this column were the sku. */
  boolean wouldMergeRows(int index) {
    Column column = index < columns.size() ? columns.get(index) : null;
    return column != null && column.fields.contains(Field.SKU) && !column.looksUnique();
  }

  /**
   * A value that several rows of the sample have in one column.
   *
   * @param rows the numbers of the first rows with the value, in ascending order; the first row of
   *     the file is 1
   * @param more whether further rows have the value
   */
  record Repeated(String value, List<Integer> rows, boolean more) {}

  /** The first value that repeats in a column; null if no value repeats. */
  @Nullable Repeated repeated(int index) {
    Column column = index < columns.size() ? columns.get(index) : null;
    return column == null || column.repeated == null
        ? null
        : new Repeated(
            column.repeated,
            List.copyOf(
                column.repeatedRows.subList(0, Math.min(ROWS_SHOWN, column.repeatedRows.size()))),
            column.repeatedRows.size() > ROWS_SHOWN);
  }

  private static final class Column {

    private final Set<Field> fields;
    private final NumberSample numbers = new NumberSample();

    /** The values of the column, each with the number of the first row that has the value. */
    private final Map<String, Integer> values = new HashMap<>();

    private @Nullable String repeated;
    private final List<Integer> repeatedRows = new ArrayList<>();
    private int filled;
    private int addresses;
    private int withDigits;

    Column(Set<Field> fields) {
      this.fields = fields;
    }

    boolean isNumber() {
      return fields.contains(Field.PRICE) || fields.contains(Field.QUANTITY);
    }

    void add(String cell, int row) {
      if (cell.isEmpty()) {
        return;
      }
      filled++;
      if (fields.contains(Field.SKU)) {
        addValue(cell, row);
      }
      if (fields.contains(Field.IMAGE_URL) && ImageAddresses.read(cell).fault() == null) {
        addresses++;
      }
      if (fields.contains(Field.GTIN)
          && (digits(cell) >= GTIN_DIGITS || CellWords.isPlaceholder(cell))) {
        withDigits++;
      }
    }

    private void addValue(String cell, int row) {
      String value = cell.length() <= COMPARED ? cell : cell.substring(0, COMPARED);
      Integer first = values.putIfAbsent(value, row);
      if (first != null) {
        addRepeated(value, first, row);
      }
    }

    private void addRepeated(String value, int first, int row) {
      if (repeated == null) {
        repeated = value;
        repeatedRows.add(first);
      }
      if (value.equals(repeated) && repeatedRows.size() <= ROWS_SHOWN) {
        repeatedRows.add(row);
      }
    }

    private static long digits(String cell) {
      return cell.length() > COMPARED ? 0 : cell.chars().filter(c -> c >= '0' && c <= '9').count();
    }

    /**
     * Whether nearly all values are different. In a list of skus, a few repetitions can be
     * mistakes. Many repetitions mean that the column does not contain skus.
     */
    boolean looksUnique() {
      return values.size() >= filled - filled / 20;
    }
  }
}
