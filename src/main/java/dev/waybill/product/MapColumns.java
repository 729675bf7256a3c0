package dev.waybill.product;

import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Determines which column of a new file is read as which field. The parameter {@code map=} has the
 * highest priority. The field's own name has the second priority, and its synonyms have the lowest.
 * A synonym is used only if the cells of the column can be read as the field. For example, a column
 * of file names does not become the image.
 */
public final class MapColumns {

  /**
   * The fields for which a notice is made. A notice says that no column is read as the field,
   * although a column may be meant for it.
   */
  private static final Set<Field> WORTH_A_NOTICE = EnumSet.complementOf(EnumSet.of(Field.SKU));

  private final List<String> header;
  private final List<String> names;
  private final Map<String, ColumnUse> requested;
  private final HeaderSample sample;
  private final List<Optional<Synonyms.Meaning>> meanings;
  private final @Nullable ColumnUse[] uses;

  private MapColumns(List<String> header, Map<String, ColumnUse> requested, HeaderSample sample) {
    this.names = ColumnNames.unique(header);
    this.header = ColumnNames.written(names);
    this.requested = requested;
    this.sample = sample;
    this.meanings = this.header.stream().map(Synonyms::of).toList();
    this.uses = new ColumnUse[names.size()];
  }

  /**
   * The mapping of all columns.
   *
   * @param unread the fields as which no column is read, each with the columns that may be meant
   *     for this field
   * @param unknown the columns that are neither requested nor recognised; they become attributes
   */
  public record Mapped(
      HeaderMapping mapping, Map<Field, List<String>> unread, List<String> unknown) {}

  /**
   * Maps the columns of a new file.
   *
   * @throws dev.waybill.problem.Problem 422 {@code mapping} or {@code column-missing}, with {@code
   *     errors}
   */
  public static Mapped of(
      List<String> header, Map<String, ColumnUse> requested, HeaderSample sample) {
    return new MapColumns(header, requested, sample).map();
  }

  /** The names of the columns, made unique. */
  public static List<String> names(List<String> header) {
    return ColumnNames.unique(header);
  }

  /**
   * The known uses of the columns of a file that {@link #of} refuses.
   *
   * @return the use of each column; null if no use was requested and the column's name is not
   *     recognised
   */
  public static List<@Nullable ColumnUse> known(
      List<String> header, Map<String, ColumnUse> requested, HeaderSample sample) {
    MapColumns columns = new MapColumns(header, requested, sample);
    try {
      columns.map();
    } catch (Problem refusal) {
      // Ignores this problem, because the caller already got it from {@code of}. The array {@code
      // uses} contains the uses that were determined before the problem was thrown.
      if (!requested.isEmpty() && columns.mapped().isEmpty()) {
        return known(header, Map.of(), sample);
      }
    }
    return Collections.unmodifiableList(Arrays.asList(columns.uses));
  }

  /**
   * Joins the uses that are requested by name with the uses that are requested by index. If both
   * concern the same column, the request by index takes precedence, because several columns may
   * have the same name.
   *
   * @param byIndex the requested uses by the index of the column, from 0
   */
  public static Map<String, ColumnUse> joined(
      List<String> header, Map<String, ColumnUse> byName, Map<Integer, ColumnUse> byIndex) {
    List<String> names = ColumnNames.unique(header);
    HeaderProblems.refuseUnknownColumns(
        names,
        byIndex.keySet().stream()
            .filter(index -> index >= names.size())
            .map(index -> "no. " + (index + 1))
            .toList());
    ColumnReference reference = new ColumnReference(ColumnNames.written(names), names);
    Map<String, ColumnUse> joined = new LinkedHashMap<>();
    byName.forEach(
        (name, use) -> {
          int column = reference.find(name.strip());
          if (column < 0) {
            joined.put(name, use);
          } else if (!byIndex.containsKey(column)) {
            // Stores the use under the column's own name, so that this use replaces the use that a
            // shop format defines for the column. If a second use is requested for the same column,
            // stores the second use under the requested name. The second use is refused later.
            String own = names.get(column);
            joined.put(joined.containsKey(own) ? name : own, use);
          }
        });
    byIndex.forEach((index, use) -> joined.put(names.get(index), use));
    return joined;
  }

  private Mapped map() {
    List<Integer> asked = applyRequests();
    Set<String> added = HeaderMapping.addedToRejections(names);
    for (int column = 0; column < uses.length; column++) {
      if (uses[column] == null && added.contains(names.get(column))) {
        uses[column] = ColumnUse.IGNORED;
      }
    }
    recognise();
    Set<Field> mapped = mapped();
    if (!mapped.contains(Field.SKU)) {
      int named = columnNamedSku();
      HeaderSample.Repeated repeated = named < 0 ? null : sample.repeated(named);
      if (repeated != null) {
        HeaderProblems.refuseRepeatedSku(names, names.get(named), repeated, likely(Field.SKU));
      }
      HeaderProblems.refuseWithoutSku(names, likely(Field.SKU));
    }
    Map<Field, List<String>> unread = new EnumMap<>(Field.class);
    for (Field field : WORTH_A_NOTICE) {
      List<String> likely = mapped.contains(field) ? List.of() : likely(field);
      if (!likely.isEmpty()) {
        unread.put(field, likely);
      }
    }
    List<String> unknown = new ArrayList<>();
    for (int column = 0; column < uses.length; column++) {
      if (uses[column] == null) {
        unknown.add(names.get(column));
      }
    }
    asked.forEach(column -> unknown.remove(names.get(column)));
    return new Mapped(HeaderMapping.of(names, uses), unread, unknown);
  }

  /**
   * Applies {@code map=} to the columns that it names, and returns these columns. Refuses two
   * different fields for one column, and two columns for one field.
   */
  private List<Integer> applyRequests() {
    Map<Integer, List<ColumnUse>> asked = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    ColumnReference reference = new ColumnReference(header, names);
    requested.forEach(
        (name, use) -> {
          int column = reference.find(name.strip());
          if (column < 0) {
            missing.add(name.strip());
          } else {
            asked.computeIfAbsent(column, _ -> new ArrayList<>()).add(use);
          }
        });
    HeaderProblems.refuseUnknownColumns(names, missing);
    Map<String, List<Field>> fieldsOfColumn = new LinkedHashMap<>();
    Map<Field, List<String>> columnsOfField = new EnumMap<>(Field.class);
    asked.forEach(
        (column, all) -> {
          uses[column] = all.getFirst();
          for (ColumnUse use : all) {
            if (use instanceof ColumnUse.AsField(Field field)) {
              fieldsOfColumn.computeIfAbsent(names.get(column), _ -> new ArrayList<>()).add(field);
            }
          }
          if (all.getFirst() instanceof ColumnUse.AsField(Field field)) {
            columnsOfField.computeIfAbsent(field, _ -> new ArrayList<>()).add(names.get(column));
          }
        });
    HeaderProblems.refuseAmbiguousMapping(names, fieldsOfColumn, columnsOfField);
    return List.copyOf(asked.keySet());
  }

  /**
   * Assigns a column to each field that {@code map=} does not mention. The assigned column is the
   * unused column whose name fits the field best.
   */
  private void recognise() {
    Map<Field, List<String>> clashes = new EnumMap<>(Field.class);
    Set<Field> open = EnumSet.complementOf(toEnumSet(mapped()));
    for (Field field : open) {
      int best = Integer.MAX_VALUE;
      List<Integer> columns = new ArrayList<>();
      for (int column = 0; column < uses.length; column++) {
        int rank = rank(field, column);
        if (rank < best) {
          best = rank;
          columns.clear();
        }
        if (rank == best && rank < Integer.MAX_VALUE) {
          columns.add(column);
        }
      }
      if (columns.size() == 1) {
        uses[columns.getFirst()] = new ColumnUse.AsField(field);
      } else if (columns.size() > 1 && best == 0 && isClash(field, columns)) {
        clashes.put(field, columns.stream().map(names::get).toList());
      }
    }
    HeaderProblems.refuseAmbiguousMapping(names, Map.of(), clashes);
  }

  /**
   * Whether the caller must choose between several columns. This is the case if all these columns
   * may be the sku, or if their names are different spellings of a field's own name.
   */
  private boolean isClash(Field field, List<Integer> columns) {
    return field == Field.SKU
        || columns.stream().map(header::get).distinct().count() == columns.size();
  }

  private int rank(Field field, int column) {
    if (uses[column] != null) {
      return Integer.MAX_VALUE;
    }
    Optional<Synonyms.Meaning> meaning =
        meanings.get(column).filter(found -> found.field() == field);
    return meaning.isPresent() && (meaning.get().rank() == 0 || sample.looksLike(field, column))
        ? meaning.get().rank()
        : Integer.MAX_VALUE;
  }

  /**
   * The unused column whose name means the sku most certainly, although its values repeat; -1 if
   * there is no such column.
   */
  private int columnNamedSku() {
    int best = -1;
    int bestRank = Integer.MAX_VALUE;
    for (int column = 0; column < uses.length; column++) {
      Optional<Synonyms.Meaning> meaning =
          uses[column] == null ? meanings.get(column) : Optional.empty();
      if (meaning.isPresent()
          && meaning.get().field() == Field.SKU
          && meaning.get().rank() < bestRank
          && sample.wouldMergeRows(column)) {
        best = column;
        bestRank = meaning.get().rank();
      }
    }
    return best;
  }

  private Set<Field> mapped() {
    Set<Field> mapped = EnumSet.noneOf(Field.class);
    for (ColumnUse use : uses) {
      if (use instanceof ColumnUse.AsField(Field field)) {
        mapped.add(field);
      }
    }
    return mapped;
  }

  private static EnumSet<Field> toEnumSet(Set<Field> fields) {
    return fields.isEmpty() ? EnumSet.noneOf(Field.class) : EnumSet.copyOf(fields);
  }

  /**
   * The unused columns that may be this field. For the sku, the result leaves out columns with
   * which several rows would become one product.
   */
  private List<String> likely(Field field) {
    List<String> free =
        IntStream.range(0, uses.length)
            .filter(column -> uses[column] == null)
            .filter(column -> field != Field.SKU || !sample.wouldMergeRows(column))
            .mapToObj(names::get)
            .filter(Objects::nonNull)
            .toList();
    return NearMatches.toField(field, free);
  }
}
