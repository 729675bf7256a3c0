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

/** Maps each column of a file to a field or to an attribute, or ignores it. Immutable. */
public final class HeaderMapping {

  /**
   * The index of the sku in {@link #fields()}. The sku is the first field, because every file has a
   * sku.
   */
  static final int SKU_SLOT = 0;

  private static final int ATTRIBUTE = -1;
  private static final int IGNORED = -2;

  /**
   * The columns that Waybill adds to an export of rejected rows. A file with both columns is an
   * export of rejected rows that a shop has corrected and uploaded again.
   */
  private static final List<String> ADDED_TO_REJECTIONS = List.of("_row", "_error");

  /** The column of Waybill's own exports that contains all attributes of a product. */
  static final String ALL_ATTRIBUTES = "attributes";

  private final List<String> header;
  private final List<Field> fields;

  /** The same fields as an array, because each cell of a file looks its field up. */
  private final Field[] bySlot;

  private final int nameSlot;
  private final int priceSlot;
  private final int quantitySlot;
  private final int[] slots;
  private final Set<String> removed;
  private final boolean returned;
  private final boolean touchesAttributes;
  private final ReadingRules rules;
  private final @Nullable HeaderCurrency headerCurrency;

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
    this.bySlot = fields.toArray(Field[]::new);
    this.nameSlot = fields.indexOf(Field.NAME);
    this.priceSlot = fields.indexOf(Field.PRICE);
    this.quantitySlot = fields.indexOf(Field.QUANTITY);
    this.headerCurrency = HeaderCurrency.of(rules.headerCurrency());
    this.slots = new int[header.size()];
    Set<String> gone = new LinkedHashSet<>();
    for (int column = 0; column < slots.length; column++) {
      slots[column] =
          switch (uses[column]) {
            case ColumnUse.AsField(Field field) -> {
              // A column with a field's own name has never been an attribute before, unless {@code
              // map=} requested this use.
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
   * @param requested the uses that {@code map=} requests, by name of the column. A name matches if
   *     it is exactly the name of the column. If no column matches exactly, case, spaces, {@code _}
   *     and {@code -} are ignored. {@code Image#2} is the second column with the name Image.
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
   * The mapping of a file that was uploaded earlier.
   *
   * @param header the same header that was passed to {@link #of}
   * @param map the result of {@link #asMap} at that time
   * @param namedAsFields the attributes that a product may have although a field has the same name
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

  /** The same mapping with other rules for reading cells. */
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
   * The number of these names that are names of fields or are requested. This number is used to
   * find the delimiter. The delimiter with the highest number is probably the right delimiter.
   * Throws no problem.
   */
  public static int recognised(List<String> header, Set<String> requested) {
    Set<String> wanted = new HashSet<>();
    requested.forEach(name -> wanted.add(Field.loose(name)));
    return (int)
        header.stream()
            .filter(name -> Synonyms.of(name).isPresent() || wanted.contains(Field.loose(name)))
            .count();
  }

  /**
   * The field as which a column with this name is read; null if the column is not read as a field.
   */
  public static @Nullable Field fieldOf(String header) {
    return Synonyms.of(header).map(Synonyms.Meaning::field).orElse(null);
  }

  /**
   * The currency that the name of a column states for its prices, in the form that the name
   * contains, such as {@code EUR} or {@code €}. Null if the name states no currency, or more than
   * one currency.
   */
  public static @Nullable String currencyOf(String header) {
    return PriceName.of(header).currency();
  }

  /** The ISO 4217 code of {@link #currencyOf}; null if the name states no currency. */
  public static @Nullable String currencyCodeOf(String header) {
    return PriceName.of(header).code();
  }

  /**
   * Whether a column with this name seems to contain prices in hundredths, such as cents. A column
   * with prices in hundredths is never recognised as the price.
   */
  public static boolean isPriceInHundredths(String header) {
    return Synonyms.isPriceInHundredths(header);
  }

  /** The unique names of all columns in the order of the file. */
  public List<String> header() {
    return header;
  }

  /**
   * The field of each column by the column's name, in the order of the file. The value is null for
   * an attribute, for example {@code {"SKU": "sku", "Colour": null}}. Ignored columns are left out.
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
   * Whether the file is an export of rejected rows that was uploaded again. Such a file has the
   * columns {@code _row} and {@code _error}. The export put a {@code '} before each cell that a
   * spreadsheet would run as a formula. The caller must remove this character before the cells are
   * checked. The package {@code product} does not remove this character, because it contains no
   * code for CSV.
   */
  public boolean returned() {
    return returned;
  }

  /**
   * The currency of each price that has no other currency; null if the header states no currency.
   */
  @Nullable HeaderCurrency headerCurrency() {
    return headerCurrency;
  }

  /** Whether this column (from 0) is ignored. */
  public boolean ignores(int column) {
    return slots[column] == IGNORED;
  }

  /** The attributes whose names are also names of fields. */
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

  /** The index of the column of a field, or -1 if no column is read as this field. */
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

  /**
   * Whether rows can change attributes. Rows can change attributes if a column is an attribute, or
   * if an attribute is removed because its column is now a field.
   */
  boolean hasAttributes() {
    return touchesAttributes;
  }

  /**
   * The attributes that each row removes from its product, unless the row sets them. These
   * attributes are the attributes whose column is now read as a field. If the file has an image
   * column, the attribute for further images is also among them, because an earlier image cell may
   * have had more than one address.
   */
  Set<String> removedAttributes() {
    return removed;
  }

  /** The names of all attributes that rows may set or clear. */
  List<String> attributeNames() {
    List<String> names = new ArrayList<>(removed);
    for (int column = 0; column < slots.length; column++) {
      if (isAttribute(column)) {
        names.add(header.get(column));
      }
    }
    return names;
  }

  /** The fields for which rows have a value, in the order of {@link Field}. */
  List<Field> fields() {
    return fields;
  }

  /** The index of a column's value in a {@link ProductRow}. The column must be a field. */
  int slot(int column) {
    return slots[column];
  }

  /** The index of a field's value in a {@link ProductRow}, or -1 if rows do not have the field. */
  int slotOf(Field field) {
    return fields.indexOf(field);
  }

  /** The index of the name in a {@link ProductRow}, or -1 if rows have no name. */
  int nameSlot() {
    return nameSlot;
  }

  /** The index of the price in a {@link ProductRow}, or -1 if rows have no price. */
  int priceSlot() {
    return priceSlot;
  }

  /** The index of the quantity in a {@link ProductRow}, or -1 if rows have no quantity. */
  int quantitySlot() {
    return quantitySlot;
  }

  Field field(int column) {
    return bySlot[slots[column]];
  }

  /**
   * Whether rows are partial. Partial rows can leave single fields of a product unchanged, can
   * replace all attributes of a product, or have no column for the name. The stores write partial
   * rows in a different way.
   */
  boolean isPartial() {
    return rules.keepBlank()
        || rules.dropBad()
        || rules.priceCurrency()
        || replacesAttributes()
        || !has(Field.NAME);
  }

  /**
   * Whether one column contains all attributes of a product as a JSON object. This object replaces
   * all stored attributes of the product.
   */
  boolean replacesAttributes() {
    return rules.literal() && header.contains(ALL_ATTRIBUTES);
  }

  static Set<String> addedToRejections(List<String> names) {
    return names.containsAll(ADDED_TO_REJECTIONS) ? Set.copyOf(ADDED_TO_REJECTIONS) : Set.of();
  }
}
