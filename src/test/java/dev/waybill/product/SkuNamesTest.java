package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkuNamesTest {

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

  /** The first half of the rows ascends, so that the list becomes a table in the middle. */
  @ParameterizedTest
  @ValueSource(ints = {3, 50_000})
  void findsWhatAMapOfAllSkusFinds(int differentSkus) {
    SkuNames names = new SkuNames(100_000);
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
      assertThat(names.renamed(rows)).as("chunk %d", chunk).isEqualTo(renamed);
    }
    assertThat(names.missesSome()).isFalse();
  }

  @Test
  void aFileWithoutNamesGivesNoProductAnotherName() {
    RowChecks prices = new RowChecks(HeaderMapping.of(List.of("sku", "price"), Map.of()));
    ProductRows rows = new ProductRows(8);
    for (String price : List.of("1", "2")) {
      rows.add(((RowResult.Accepted) prices.check(new String[] {"A", price})).row());
    }

    assertThat(new SkuNames(100).renamed(rows)).isEmpty();
  }

  /** With {@code blank=keep} a row without a name keeps the name of the product. */
  @Test
  void aRowWithoutANameIsNotComparedAndChangesNoName() {
    RowChecks keeping =
        new RowChecks(
            HeaderMapping.of(List.of("sku", "name", "price"), Map.of())
                .with(
                    new ReadingRules(
                        NumberFormat.UNKNOWN, NumberFormat.UNKNOWN, true, false, false, false)));
    ProductRows rows = new ProductRows(8);
    for (String name : List.of("Shoe", "", "Shoe", "", "Boot")) {
      rows.add(((RowResult.Accepted) keeping.check(new String[] {"A", name, "1"})).row());
    }

    assertThat(new SkuNames(100).renamed(rows)).containsExactly(4);
  }

  /** The usual hash of Java is the same for both. */
  @Test
  void namesThatDifferInTwoLettersAreDifferent() {
    ProductRows rows = ProductRows.of(List.of(row("A", "Shirt AP"), row("A", "Shirt B1")));

    assertThat(new SkuNames(100).renamed(rows)).containsExactly(1);
  }

  @Test
  void skusThatOnlyDifferInTheirLengthOrTheirLastByteAreDifferent() {
    SkuNames names = new SkuNames(100);
    ProductRows rows = new ProductRows(8);
    for (String sku : List.of("B", "AAAAAAAAA", "AAAAAAAA", "AAAAAAAB", "A", "AAAAAAAAB")) {
      rows.add(row(sku, sku));
    }

    assertThat(names.renamed(rows)).isEmpty();
    assertThat(names.renamed(ProductRows.of(List.of(row("AAAAAAAA", "x"))))).containsExactly(0);
  }

  @Test
  void aFileThatAscendsHasNoRepeatedSkuHoweverLongItIs() {
    SkuNames names = new SkuNames(1500);

    for (int from = 0; from < 10_000; from += 1000) {
      assertThat(names.renamed(rows(from, from + 1000, "n"))).isEmpty();
    }

    assertThat(names.missesSome()).isFalse();
  }

  @Test
  void skusBeyondTheLimitAreNotRememberedAndThisIsKnown() {
    SkuNames names = new SkuNames(1500);
    names.renamed(rows(0, 5000, "n"));

    assertThat(names.renamed(rows(1499, 1502, "m"))).containsExactly(0);
    assertThat(names.missesSome()).isTrue();
  }

  @Test
  void aTableThatIsFullStillFindsTheSkusThatItHas() {
    SkuNames names = new SkuNames(1500);
    ProductRows descending = new ProductRows(8);
    for (int i = 3000; i > 0; i--) {
      descending.add(row("SKU-%07d".formatted(i), "n"));
    }
    names.renamed(descending);

    assertThat(names.renamed(rows(1500, 1503, "m"))).containsExactly(1, 2);
    assertThat(names.missesSome()).isTrue();
  }
}
