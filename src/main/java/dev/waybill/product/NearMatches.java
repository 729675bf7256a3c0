package dev.waybill.product;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** Guesses which columns were perhaps meant. Only ever a hint: nothing is mapped by it. */
final class NearMatches {

  private static final int MOST = 3;
  private static final double ALIKE = 0.85;

  /** Beyond this length a header is no typing error of a field's name; bounds the work, too. */
  private static final int LONGEST = 40;

  /** What shop systems and price lists call the required fields, in the loose form. */
  private static final Map<Field, Set<String>> OTHER_NAMES =
      Map.of(
          Field.SKU,
          Set.of(
              "id",
              "code",
              "handle",
              "reference",
              "ref",
              "mpn",
              "productid",
              "productcode",
              "productnumber",
              "productno",
              "itemid",
              "itemcode",
              "itemnumber",
              "itemno",
              "articleid",
              "articlecode",
              "articlenumber",
              "articleno",
              "partnumber",
              "partno",
              "variantsku",
              "stockkeepingunit",
              "artikelnummer",
              "artikelnr",
              "artnr",
              "bestellnummer",
              "référence",
              "codigo",
              "código"),
          Field.NAME,
          Set.of(
              "title",
              "label",
              "product",
              "productname",
              "producttitle",
              "item",
              "itemname",
              "itemtitle",
              "article",
              "articlename",
              "titel",
              "bezeichnung",
              "artikel",
              "artikelname",
              "artikelbezeichnung",
              "produkt",
              "produktname",
              "nom",
              "titre",
              "nombre",
              "título",
              "titulo"));

  private NearMatches() {}

  /** Columns that may stand for this field: known by another name first, then written alike. */
  static List<String> toField(Field field, List<String> columns) {
    Set<String> others = OTHER_NAMES.getOrDefault(field, Set.of());
    String wanted = Field.loose(field.name());
    return columns.stream()
        .filter(
            column -> {
              String loose = Field.loose(column);
              return others.contains(loose) || loose.contains(wanted) || isAlike(loose, wanted);
            })
        .sorted(
            Comparator.comparing((String column) -> !others.contains(Field.loose(column)))
                .thenComparing(column -> -similarity(Field.loose(column), wanted)))
        .limit(MOST)
        .toList();
  }

  /** Columns whose names are written almost like this one. */
  static List<String> toName(String name, List<String> columns) {
    String wanted = Field.loose(name);
    return columns.stream()
        .filter(column -> isAlike(Field.loose(column), wanted))
        .sorted(Comparator.comparing(column -> -similarity(Field.loose(column), wanted)))
        .limit(MOST)
        .toList();
  }

  private static boolean isAlike(String name, String wanted) {
    return similarity(name, wanted) >= ALIKE;
  }

  /** From 0 to 1. Swapped letters count little here, as in most typing errors. */
  private static double similarity(String name, String wanted) {
    return name.length() > LONGEST || wanted.length() > LONGEST
        ? 0
        : new JaroWinklerSimilarity().apply(name, wanted);
  }
}
