package dev.waybill.product;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which column of a file is which field, an attribute, or ignored. Immutable. */
public final class HeaderMapping {

  /** The place of the sku in {@link #fields()}: the first, since every file has one. */
  static final int SKU_SLOT = 0;

  private static final int ATTRIBUTE = -1;
  private static final int IGNORED = -2;

  /** What an export of rejections adds. A file that carries both is such an export, come back. */
  private static final List<String> ADDED_TO_REJECTIONS = List.of("_row", "_error");

  private final List<String> header;
  private final List<Field> fields;
  private final int[] slots;
  private final boolean hasAttributes;

  private HeaderMapping(List<String> header, @Nullable Field[] fieldOfColumn, Set<String> ignored) {
    this.header = header;
    this.fields =
        List.copyOf(
            new TreeSet<>(Arrays.stream(fieldOfColumn).filter(field -> field != null).toList()));
    this.slots = new int[header.size()];
    for (int column = 0; column < slots.length; column++) {
      Field field = fieldOfColumn[column];
      slots[column] =
          field != null
              ? fields.indexOf(field)
              : ignored.contains(header.get(column)) ? IGNORED : ATTRIBUTE;
    }
    this.hasAttributes = Arrays.stream(slots).anyMatch(slot -> slot == ATTRIBUTE);
  }

  /**
   * The mapping of a new file.
   *
   * @param header the cells of the header, without a byte order mark
   * @param requested what {@code map=} asks for, field by header; a header is found as written, or
   *     else without regard to case, spaces, {@code _} and {@code -}
   * @throws dev.waybill.problem.Problem 422 {@code header}, {@code mapping} or {@code
   *     column-missing}, with {@code errors}
   */
  public static HeaderMapping of(List<String> header, Map<String, Field> requested) {
    List<String> names = stripped(header);
    HeaderProblems.refuseUnclearNames(names);
    Set<String> ignored = ignored(names);
    List<String> found = names.stream().filter(name -> !ignored.contains(name)).toList();
    Map<String, List<Field>> asked = askedByColumn(found, requested);

    @Nullable Field[] fieldOfColumn = new Field[names.size()];
    Map<Field, List<String>> columnsOfField = new EnumMap<>(Field.class);
    for (int column = 0; column < fieldOfColumn.length; column++) {
      String name = names.get(column);
      if (ignored.contains(name)) {
        continue;
      }
      List<Field> askedHere = asked.get(name);
      Field field = askedHere == null ? Field.named(name).orElse(null) : askedHere.getFirst();
      if (field != null) {
        fieldOfColumn[column] = field;
        columnsOfField.computeIfAbsent(field, key -> new ArrayList<>()).add(name);
      }
    }
    HeaderProblems.refuseAmbiguousMapping(found, asked, columnsOfField);
    HeaderProblems.refuseMissingColumns(found, columnsOfField.keySet());
    return new HeaderMapping(names, fieldOfColumn, ignored);
  }

  /**
   * The mapping of a file that was taken in before.
   *
   * @param header as it was given to {@link #of}
   * @param map what {@link #asMap} said then
   */
  public static HeaderMapping stored(
      List<String> header, Map<String, ? extends @Nullable String> map) {
    List<String> names = stripped(header);
    @Nullable Field[] fieldOfColumn = new Field[names.size()];
    for (int column = 0; column < fieldOfColumn.length; column++) {
      String field = map.get(names.get(column));
      fieldOfColumn[column] = field == null ? null : Field.named(field).orElse(null);
    }
    return new HeaderMapping(names, fieldOfColumn, ignored(names));
  }

  /**
   * How many of these names are a field's, or asked for: the delimiter that recognises most is
   * probably the right one. Refuses nothing.
   */
  public static int recognised(List<String> header, Map<String, Field> requested) {
    Set<String> wanted = new HashSet<>();
    requested.keySet().forEach(name -> wanted.add(Field.loose(name)));
    return (int)
        header.stream()
            .filter(name -> Field.named(name).isPresent() || wanted.contains(Field.loose(name)))
            .count();
  }

  /** All columns as the file names them, in its order, without surrounding white space. */
  public List<String> header() {
    return header;
  }

  /**
   * Field by header, null for an attribute, in the file's order, for example {@code {"SKU": "sku",
   * "Colour": null}}; ignored columns are left out.
   */
  public Map<String, @Nullable String> asMap() {
    Map<String, @Nullable String> map = new LinkedHashMap<>();
    for (int column = 0; column < slots.length; column++) {
      if (!ignores(column)) {
        map.put(header.get(column), isAttribute(column) ? null : field(column).column());
      }
    }
    return Collections.unmodifiableMap(map);
  }

  /**
   * Whether the file is an export of rejections that comes back: it carries {@code _row} and {@code
   * _error}. The export put a {@code '} before cells that a spreadsheet would run; of such a file
   * the caller takes exactly that off each cell before the cells are checked. This package does not
   * do it, since it knows nothing of CSV.
   */
  public boolean returned() {
    for (int slot : slots) {
      if (slot == IGNORED) {
        return true;
      }
    }
    return false;
  }

  /** Whether this column (from 0) is no data of the product: {@code _row} and {@code _error}. */
  public boolean ignores(int column) {
    return slots[column] == IGNORED;
  }

  boolean isAttribute(int column) {
    return slots[column] == ATTRIBUTE;
  }

  boolean hasAttributes() {
    return hasAttributes;
  }

  /** The fields that the file has a column for, in the order of {@link Field}. */
  List<Field> fields() {
    return fields;
  }

  /** Where the value of a column that is a field stands in a {@link ProductRow}. */
  int slot(int column) {
    return slots[column];
  }

  Field field(int column) {
    return fields.get(slots[column]);
  }

  private static List<String> stripped(List<String> header) {
    return header.stream().map(String::strip).toList();
  }

  private static Set<String> ignored(Collection<String> names) {
    return names.containsAll(ADDED_TO_REJECTIONS) ? Set.copyOf(ADDED_TO_REJECTIONS) : Set.of();
  }

  /** What {@code map=} asks of each column that it names; more than one field is one too many. */
  private static Map<String, List<Field>> askedByColumn(
      List<String> found, Map<String, Field> requested) {
    Map<String, List<String>> columnsByLooseName =
        found.stream().collect(Collectors.groupingBy(Field::loose));
    Map<String, List<Field>> asked = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    requested.forEach(
        (name, field) -> {
          String wanted = name.strip();
          String loose = Field.loose(wanted);
          List<String> columns =
              found.contains(wanted)
                  ? List.of(wanted)
                  : columnsByLooseName.getOrDefault(loose, List.of());
          if (columns.size() == 1) {
            asked.computeIfAbsent(columns.getFirst(), key -> new ArrayList<>()).add(field);
          } else {
            unknown.add(wanted);
          }
        });
    HeaderProblems.refuseUnknownColumns(found, unknown);
    return asked;
  }
}
