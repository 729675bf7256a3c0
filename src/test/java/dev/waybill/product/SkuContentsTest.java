package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.product.SkuContents.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkuContentsTest {

  private final RowChecks checks =
      new RowChecks(HeaderMapping.of(List.of("sku", "name"), Map.of()));

  private ProductRow row(String sku, String name) {
    return ((RowResult.Accepted) checks.check(new String[] {sku, name})).row();
  }

  private ProductRows rows(int from, int to, String name) {
    ProductRows rows = new ProductRows(8);
    for (int i = from; i < to; i++) {
      rows.add(row("SKU-%07d".formatted(i), name));
    }
    return rows;
  }

  private static List<Integer> renamed(SkuContents contents, ProductRows rows) {
    return contents.repeats(rows).stream()
        .filter(repeat -> repeat.difference() == Difference.NAME)
        .map(SkuContents.Repeat::index)
        .toList();
  }

  /** The first half of the rows ascends, so that the list becomes a table in the middle. */
  @ParameterizedTest
  @ValueSource(ints = {3, 50_000})
  void findsWhatAMapOfAllSkusFinds(int differentSkus) {
    SkuContents names = new SkuContents(100_000, false);
    Random random = new Random(differentSkus);
    Map<String, String> before = new HashMap<>();
    for (int chunk = 0; chunk < 40; chunk++) {
      ProductRows rows = new ProductRows(8);
      List<Integer> renamed = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        boolean ascends = chunk < 20;
        int number = chunk * 1000 + i;
        String sku =
            ascends ? "A%06d".formatted(number) : "A%06d".formatted(random.nextInt(differentSkus));
        String name = "name " + random.nextInt(2);
        rows.add(row(sku, name));
        String other = before.put(sku, name);
        if (other != null && !other.equals(name)) {
          renamed.add(i);
        }
      }
      assertThat(renamed(names, rows)).as("chunk %d", chunk).isEqualTo(renamed);
    }
    assertThat(names.missesSome()).isFalse();
  }

  @Test
  void aFileWithoutNamesGivesAProductAnotherPriceButNoOtherName() {
    RowChecks prices = new RowChecks(HeaderMapping.of(List.of("sku", "price"), Map.of()));
    ProductRows rows = new ProductRows(8);
    for (String price : List.of("1", "2")) {
      rows.add(((RowResult.Accepted) prices.check(new String[] {"A", price})).row());
    }

    assertThat(new SkuContents(100, false).repeats(rows))
        .containsExactly(new SkuContents.Repeat(1, Difference.NUMBER));
  }

  @Test
  void findsRowsWithAnotherPriceOrQuantity() {
    RowChecks all =
        new RowChecks(
            HeaderMapping.of(List.of("sku", "name", "price", "quantity", "Colour"), Map.of()));
    ProductRows rows = new ProductRows(8);
    for (String[] cells :
        new String[][] {
          {"A", "Shoe", "1.50", "3", "red"},
          {"A", "Shoe", "1.5", "3.0", "blue"},
          {"A", "Shoe", "1.5", "30", "red"},
          {"A", "Shoe", "15", "30", "red"},
          {"A", "Shoe", "15", "30", "red"},
          {"A", "Shoe", "15", "", "red"},
          {"A", "Shoe", "15", "", "red"},
          {"A", "Boot", "16", "", "red"}
        }) {
      rows.add(((RowResult.Accepted) all.check(cells)).row());
    }

    assertThat(new SkuContents(100, false).repeats(rows))
        .containsExactly(
            new SkuContents.Repeat(2, Difference.NUMBER),
            new SkuContents.Repeat(3, Difference.NUMBER),
            new SkuContents.Repeat(5, Difference.NUMBER),
            new SkuContents.Repeat(7, Difference.NAME));
  }

  /** With {@code blank=keep} each row may give a product another of its values. */
  @Test
  void aBlankNumberThatKeepsTheStoredOneIsNotCompared() {
    RowChecks keeping =
        new RowChecks(
            HeaderMapping.of(List.of("sku", "price", "quantity"), Map.of())
                .with(
                    new ReadingRules(
                        NumberFormat.UNKNOWN,
                        NumberFormat.UNKNOWN,
                        true,
                        false,
                        false,
                        false,
                        null)));
    ProductRows rows = new ProductRows(8);
    for (String[] cells :
        new String[][] {{"A", "1", ""}, {"A", "", "5"}, {"A", "1", "5"}, {"A", "2", ""}}) {
      rows.add(((RowResult.Accepted) keeping.check(cells)).row());
    }

    assertThat(new SkuContents(100, false).repeats(rows))
        .containsExactly(new SkuContents.Repeat(3, Difference.NUMBER));
  }

  /** The hash of a number has 16 bits only, so small differences must not be lost. */
  @Test
  void stocksThatDifferLittleAreDifferent() {
    RowChecks stocks = new RowChecks(HeaderMapping.of(List.of("sku", "quantity"), Map.of()));
    SkuContents contents = new SkuContents(100, false);
    for (int quantity = -2000; quantity < 20_000; quantity++) {
      ProductRows rows = new ProductRows(2);
      for (int other : new int[] {quantity, quantity + 1, quantity + 10, quantity + 100}) {
        String[] cells = {"A", String.valueOf(other)};
        rows.add(((RowResult.Accepted) stocks.check(cells)).row());
      }
      assertThat(contents.repeats(rows).stream().filter(repeat -> repeat.index() > 0)).hasSize(3);
    }
  }

  /** With {@code blank=keep} a row without a name keeps the name of the product. */
  @Test
  void aRowWithoutANameIsNotComparedAndChangesNoName() {
    RowChecks keeping =
        new RowChecks(
            HeaderMapping.of(List.of("sku", "name", "price"), Map.of())
                .with(
                    new ReadingRules(
                        NumberFormat.UNKNOWN,
                        NumberFormat.UNKNOWN,
                        true,
                        false,
                        false,
                        false,
                        null)));
    ProductRows rows = new ProductRows(8);
    for (String name : List.of("Shoe", "", "Shoe", "", "Boot")) {
      rows.add(((RowResult.Accepted) keeping.check(new String[] {"A", name, "1"})).row());
    }

    assertThat(renamed(new SkuContents(100, false), rows)).containsExactly(4);
  }

  /** The usual hash of Java is the same for both. */
  @Test
  void namesThatDifferInTwoLettersAreDifferent() {
    ProductRows rows = ProductRows.of(List.of(row("A", "Shirt AP"), row("A", "Shirt B1")));

    assertThat(renamed(new SkuContents(100, false), rows)).containsExactly(1);
  }

  @Test
  void skusThatOnlyDifferInTheirLengthOrTheirLastByteAreDifferent() {
    SkuContents names = new SkuContents(100, false);
    ProductRows rows = new ProductRows(8);
    for (String sku : List.of("B", "AAAAAAAAA", "AAAAAAAA", "AAAAAAAB", "A", "AAAAAAAAB")) {
      rows.add(row(sku, sku));
    }

    assertThat(renamed(names, rows)).isEmpty();
    assertThat(renamed(names, ProductRows.of(List.of(row("AAAAAAAA", "x"))))).containsExactly(0);
  }

  @Test
  void aFileThatAscendsHasNoRepeatedSkuHoweverLongItIs() {
    SkuContents names = new SkuContents(1500, false);

    for (int from = 0; from < 10_000; from += 1000) {
      assertThat(renamed(names, rows(from, from + 1000, "n"))).isEmpty();
    }

    assertThat(names.missesSome()).isFalse();
  }

  @Test
  void skusBeyondTheLimitAreNotRememberedAndThisIsKnown() {
    SkuContents names = new SkuContents(1500, false);
    renamed(names, rows(0, 5000, "n"));

    assertThat(renamed(names, rows(1499, 1502, "m"))).containsExactly(0);
    assertThat(names.missesSome()).isTrue();
  }

  @Test
  void aTableThatIsFullStillFindsTheSkusThatItHas() {
    SkuContents names = new SkuContents(1500, false);
    ProductRows descending = new ProductRows(8);
    for (int i = 3000; i > 0; i--) {
      descending.add(row("SKU-%07d".formatted(i), "n"));
    }
    renamed(names, descending);

    assertThat(renamed(names, rows(1500, 1503, "m"))).containsExactly(1, 2);
    assertThat(names.missesSome()).isTrue();
  }

  /** These rows have neither a name nor a price nor a quantity, so their contents are all equal. */
  @Test
  void findsEachRowWithTheSkuOfAnEarlierRowIfAskedTo() {
    RowChecks brands = new RowChecks(HeaderMapping.of(List.of("sku", "brand"), Map.of()));
    SkuContents contents = new SkuContents(100, true);
    List<List<Integer>> found = new ArrayList<>();
    for (List<String> skus :
        List.of(List.of("A", "B"), List.of("D", "A", "C", "C"), List.of("D"))) {
      ProductRows rows = new ProductRows(8);
      for (String sku : skus) {
        rows.add(((RowResult.Accepted) brands.check(new String[] {sku, "x"})).row());
      }
      List<SkuContents.Repeat> repeats = contents.repeats(rows);
      assertThat(repeats).allMatch(repeat -> repeat.difference() == Difference.NONE);
      found.add(repeats.stream().map(SkuContents.Repeat::index).toList());
    }

    assertThat(found).containsExactly(List.of(), List.of(1, 3), List.of(0));
  }
}
