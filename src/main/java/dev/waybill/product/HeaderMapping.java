package dev.waybill.product;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which column of a file is which field, an attribute, or ignored. Immutable. */
public final class HeaderMapping {

  /** The place of the sku in {@link #fields()}: the first, since every file has one. */
  static final int SKU_SLOT = 0;

  private static final int ATTRIBUTE = -1;
  private static final int IGNORED = -2;

  /** What an export of rejections adds. A file that carries both is such an export, come back. */
  private static final List<String> ADDED_TO_REJECTIONS = List.of("_row", "_error");

  /** The column of Waybill's own lists that holds all attributes of a product. */
  static final String ALL_ATTRIBUTES = "attributes";

  private final List<String> header;
  private final List<Field> fields;
  private final int[] slots;
  private final Set<String> removed;
  private final boolean returned;
  private final boolean touchesAttributes;
  private final ReadingRules rules;

  private HeaderMapping(
      List<String> header,
      @Nullable ColumnUse[] uses,
      ReadingRules rules,
      Set<String> namedAsFields) {
    this.header = header;
    this.rules = rules;
    Set<Field> all = new TreeSet<>();
    for (ColumnUse use : uses) {
      if (use instanceof ColumnUse.AsField(Field field)) {
        all.add(field);
      }
    }
    if (rules.priceCurrency()) {
      all.add(Field.CURRENCY);
    }
    this.fields = List.copyOf(all);
    this.slots = new int[header.size()];
    Set<String> gone = new LinkedHashSet<>();
    for (int column = 0; column < slots.length; column++) {
      slots[column] =
          switch (uses[column]) {
            case ColumnUse.AsField(Field field) -> {
              // Under its own name a field was no attribute, unless a map= made it one.
              if (Field.named(header.get(column)).isEmpty()
                  || namedAsFields.contains(header.get(column))) {
                gone.add(header.get(column));
              }
              yield fields.indexOf(field);
            }
            case ColumnUse.Ignored _ -> IGNORED;
            case ColumnUse.Attribute _ -> ATTRIBUTE;
            case null -> ATTRIBUTE;
          };
    }
    boolean hasAttributes = Arrays.stream(slots).anyMatch(slot -> slot == ATTRIBUTE);
    if (fields.contains(Field.IMAGE_URL)
        && !rules.literal()
        && !header.contains(ImageAddresses.MORE)) {
      gone.add(ImageAddresses.MORE);
    }
    this.removed = Collections.unmodifiableSet(gone);
    this.returned = header.containsAll(ADDED_TO_REJECTIONS);
    this.touchesAttributes = hasAttributes || !gone.isEmpty();
  }

  /**
   * The mapping of a new file.
   *
   * @param header the cells of the header, without a byte order mark
   * @param requested what {@code map=} asks for, by header; a header is found as written, or
   *     otherwise without regard to case, spaces, {@code _} and {@code -}; {@code Image#2} is the
   *     second column of that name
   * @throws dev.waybill.problem.Problem 422 {@code mapping} or {@code column-missing}, with {@code
   *     errors}
   */
  public static HeaderMapping of(List<String> header, Map<String, ColumnUse> requested) {
    return MapColumns.of(header, requested, HeaderSample.none()).mapping();
  }

  static HeaderMapping of(List<String> names, @Nullable ColumnUse[] uses) {
    return new HeaderMapping(names, uses, ReadingRules.USUAL, Set.of());
  }

  /**
   * The mapping of a file that was taken in before.
   *
   * @param header as it was given to {@link #of}
   * @param map what {@link #asMap} said then
   * @param namedAsFields attributes that some product may have, and whose names are fields' own
   */
  public static HeaderMapping stored(
      List<String> header,
      Map<String, ? extends @Nullable String> map,
      ReadingRules rules,
      Set<String> namedAsFields) {
    List<String> names = ColumnNames.unique(header);
    @Nullable ColumnUse[] uses = new ColumnUse[names.size()];
    for (int column = 0; column < uses.length; column++) {
      String name = names.get(column);
      String field = map.get(name);
      uses[column] =
          field != null
              ? Field.named(field).<ColumnUse>map(ColumnUse.AsField::new).orElse(ColumnUse.IGNORED)
              : map.containsKey(name) ? ColumnUse.ATTRIBUTE : ColumnUse.IGNORED;
    }
    return new HeaderMapping(names, uses, rules, namedAsFields);
  }

  /** The same columns, read by these rules. */
  public HeaderMapping with(ReadingRules other) {
    @Nullable ColumnUse[] uses = new ColumnUse[slots.length];
    for (int column = 0; column < uses.length; column++) {
      uses[column] =
          slots[column] >= 0
              ? new ColumnUse.AsField(field(column))
              : ignores(column) ? ColumnUse.IGNORED : ColumnUse.ATTRIBUTE;
    }
    return new HeaderMapping(header, uses, other, Set.of());
  }

  /**
   * How many of these names are a field's, or asked for: the delimiter that recognises most is
   * probably the right one. Refuses nothing.
   */
  public static int recognised(List<String> header, Set<String> requested) {
    Set<String> wanted = new HashSet<>();
    requested.forEach(name -> wanted.add(Field.loose(name)));
    return (int)
        header.stream()
            .filter(name -> Synonyms.of(name).isPresent() || wanted.contains(Field.loose(name)))
            .count();
  }

  /** The field that a column of this name is, or null. */
  public static @Nullable Field fieldOf(String header) {
    return Synonyms.of(header).map(Synonyms.Meaning::field).orElse(null);
  }

  /** All columns in the order of the file, each by a name of its own. */
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

  public ReadingRules rules() {
    return rules;
  }

  /**
   * Whether the file is an export of rejections that comes back: it carries {@code _row} and {@code
   * _error}. The export put a {@code '} before cells that a spreadsheet would run; of such a file
   * the caller takes exactly that off each cell before the cells are checked. This package does not
   * do it, since it knows nothing of CSV.
   */
  public boolean returned() {
    return returned;
  }

  /** Whether this column (from 0) is no data of the product. */
  public boolean ignores(int column) {
    return slots[column] == IGNORED;
  }

  /** The attributes whose names are fields' own. */
  public List<String> attributesNamedAsFields() {
    return IntStream.range(0, slots.length)
        .filter(this::isAttribute)
        .mapToObj(header::get)
        .filter(name -> Field.named(name).isPresent())
        .toList();
  }

  /** Whether a column is read as this field. */
  public boolean has(Field field) {
    return fields.contains(field);
  }

  /** The column of a field, or -1. */
  public int columnOf(Field field) {
    int slot = fields.indexOf(field);
    for (int column = 0; column < slots.length; column++) {
      if (slot >= 0 && slots[column] == slot) {
        return column;
      }
    }
    return -1;
  }

  boolean isAttribute(int column) {
    return slots[column] == ATTRIBUTE;
  }

  /** Whether rows may change attributes: by a column, or because a field takes one's place. */
  boolean hasAttributes() {
    return touchesAttributes;
  }

  /**
   * The attributes that a product loses by a row, unless the row brings them: a column that is read
   * as a field had once been an attribute, or an image cell had more than one address.
   */
  Set<String> removedAttributes() {
    return removed;
  }

  /** The names of all attributes that rows set or clear. */
  List<String> attributeNames() {
    List<String> names = new ArrayList<>(removed);
    for (int column = 0; column < slots.length; column++) {
      if (isAttribute(column)) {
        names.add(header.get(column));
      }
    }
    return names;
  }

  /** The fields that rows have a value for, in the order of {@link Field}. */
  List<Field> fields() {
    return fields;
  }

  /** Where the value of a column that is a field stands in a {@link ProductRow}. */
  int slot(int column) {
    return slots[column];
  }

  /** Where the value of a field stands in a {@link ProductRow}, or -1. */
  int slotOf(Field field) {
    return fields.indexOf(field);
  }

  Field field(int column) {
    return fields.get(slots[column]);
  }

  /**
   * Whether rows may leave single fields of a product alone, or name no product at all. Such rows
   * are written one by one.
   */
  boolean isPartial() {
    return rules.keepBlank()
        || rules.dropBad()
        || rules.priceCurrency()
        || replacesAttributes()
        || !has(Field.NAME);
  }

  /** Whether one column holds all attributes as a JSON object, which takes the place of others. */
  boolean replacesAttributes() {
    return rules.literal() && header.contains(ALL_ATTRIBUTES);
  }

  static Set<String> addedToRejections(List<String> names) {
    return names.containsAll(ADDED_TO_REJECTIONS) ? Set.copyOf(ADDED_TO_REJECTIONS) : Set.of();
  }
}
