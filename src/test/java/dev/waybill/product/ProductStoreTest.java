package dev.waybill.product;

import static dev.waybill.product.Outcome.CREATED;
import static dev.waybill.product.Outcome.UNCHANGED;
import static dev.waybill.product.Outcome.UPDATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

/** What every {@link ProductStore} must do. */
abstract class ProductStoreTest {

  ProductDatabase database;
  ProductStore store;

  abstract ProductDatabase newDatabase(Path folder);

  @BeforeEach
  void open(@TempDir Path folder) {
    database = newDatabase(folder);
    store = database.store;
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  @Shows({
    "field.sku",
    "field.name",
    "field.description",
    "field.price",
    "field.currency",
    "field.quantity",
    "field.category",
    "field.brand",
    "field.gtin",
    "field.image_url",
    "field.attributes"
  })
  void keepsEveryFieldAndTheAttributes() {
    upsert(
        "sku,name,description,price,currency,quantity,category,brand,gtin,image_url,Colour,Größe",
        "A/1,Shoe 👟,Warm,1.50,EUR,007,Shoes,Acme,4006381333931,https://x.example/a.jpg,red,41");

    assertThat(store.find("A/1"))
        .contains(
            new Product(
                "A/1",
                "Shoe 👟",
                "Warm",
                new BigDecimal("1.5"),
                "EUR",
                7,
                "Shoes",
                "Acme",
                "4006381333931",
                "https://x.example/a.jpg",
                Map.of("Colour", "red", "Größe", "41")));
    assertThat(store.find("a/1")).isEmpty();
  }

  @Test
  void aBlankCellIsNothingInANewProduct() {
    upsert("sku,name,price,quantity,Colour", "A,Shoe,,,");

    assertThat(store.find("A"))
        .contains(
            new Product("A", "Shoe", null, null, null, null, null, null, null, null, Map.of()));
  }

  @Test
  @Shows("cell.price-number")
  void distinguishesCreatedUpdatedAndUnchangedInTheOrderOfTheRows() {
    assertThat(upsert("sku,name,price", "B,Boot,2", "A,Shoe,1")).containsExactly(CREATED, CREATED);

    assertThat(upsert("sku,name,price", "C,Sock,3", "B,Boot,2.00", "A,Shoe,1.1"))
        .containsExactly(CREATED, UNCHANGED, UPDATED);
  }

  @Test
  @Shows({"row.absent-column", "row.blank-clears", "row.attributes"})
  void anAbsentColumnLeavesTheStoredValueAloneAndABlankCellClearsIt() {
    upsert("sku,name,price,quantity,brand,Colour,Size", "A,Shoe,1,5,Acme,red,41");

    assertThat(upsert("sku,name,quantity,Size,Sole", "A,Shoe,,,rubber")).containsExactly(UPDATED);

    Product product = store.find("A").orElseThrow();
    assertThat(product.price()).isEqualByComparingTo("1");
    assertThat(product.brand()).isEqualTo("Acme");
    assertThat(product.quantity()).isNull();
    assertThat(product.attributes()).isEqualTo(Map.of("Colour", "red", "Sole", "rubber"));
    assertThat(upsert("sku,name,quantity,Size", "A,Shoe,,")).containsExactly(UNCHANGED);
    assertThat(upsert("sku,name", "A,Shoe")).containsExactly(UNCHANGED);
  }

  @Test
  void aRehearsalThatIsRolledBackLeavesNothing() {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name", "Colour"), Map.of());
    List<ProductRow> rows = List.of(row(mapping, "A", "n", "red"), row(mapping, "A", "m", ""));

    database.rollsBack(() -> store.rehearse(mapping, database.prepared(mapping, rows)));

    assertThat(store.find("A")).isEmpty();
    assertThat(database.upsert(mapping, rows)).containsExactly(CREATED, UPDATED);
  }

  @Test
  void awkwardAttributesAreUnchangedTheSecondTime() {
    HeaderMapping mapping =
        HeaderMapping.of(List.of("sku", "name", "a \"quoted\" \\ name", "/"), Map.of())
            .with(ReadingRules.OWN_LISTS);
    List<ProductRow> rows =
        List.of(
            row(mapping, "A", "n", "tab\tquote\"back\\slash/\u0001\u007f\u2028😀", "null"),
            row(mapping, "B", "n", "{\"a\":null}", "[1]"));

    assertThat(database.upsert(mapping, rows)).containsExactly(CREATED, CREATED);
    assertThat(database.upsert(mapping, rows)).containsExactly(UNCHANGED, UNCHANGED);

    assertThat(store.find("A").orElseThrow().attributes())
        .containsEntry("a \"quoted\" \\ name", "tab\tquote\"back\\slash/\u0001\u007f\u2028😀")
        .containsEntry("/", "null");
    assertThat(store.find("B").orElseThrow().attributes())
        .containsEntry("a \"quoted\" \\ name", "{\"a\":null}")
        .containsEntry("/", "[1]");
  }

  @Test
  @Shows("row.sku-again")
  void aSkuThatComesAgainCountsAgainstTheStateAfterItsEarlierRow() {
    assertThat(upsert("sku,name", "A,1", "B,1", "A,1", "A,2", "A,2", "A,1"))
        .containsExactly(CREATED, CREATED, UNCHANGED, UPDATED, UNCHANGED, UPDATED);
    assertThat(upsert("sku,name", "A,2", "A,1", "A,1"))
        .containsExactly(UPDATED, UPDATED, UNCHANGED);
  }

  @Test
  @Shows({"row.dry-run", "row.dry-run.alone"})
  void aDryRunComparesEachRowAloneAndWritesNothing() {
    upsert("sku,name,price,Colour", "A,Shoe,1,red", "B,Boot,2,red");

    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name", "Colour"), Map.of());
    Outcome[] outcomes =
        database.compare(
            mapping,
            List.of(
                row(mapping, "C", "Sock", "red"),
                row(mapping, "A", "Shoe", "red"),
                row(mapping, "B", "Boot", ""),
                row(mapping, "C", "Sock", "blue"),
                row(mapping, "A", "Pump", "red")));

    assertThat(outcomes).containsExactly(CREATED, UNCHANGED, UPDATED, CREATED, UPDATED);
    assertThat(store.find("C")).isEmpty();
    assertThat(store.find("B").orElseThrow().attributes()).containsEntry("Colour", "red");
    assertThat(store.find("A").orElseThrow().name()).isEqualTo("Shoe");
  }

  @Test
  void writesInTheCallersTransactionOnly() {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name"), Map.of());
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      store.upsert(
                          mapping,
                          database.prepared(mapping, List.of(row(mapping, "A", "Shoe"))),
                          ProductDatabase.WRITING);
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(store.find("A")).isEmpty();
  }

  @Test
  void takesNoRowsAtAll() {
    assertThat(upsert("sku,name")).isEmpty();
    assertThat(store.findSome(List.of(), 1000)).isEqualTo(new FoundProducts(Map.of(), 0));
    assertThat(store.glance(List.of())).isEmpty();
  }

  @Test
  void findsManyAtOnce() {
    String[] rows = IntStream.range(0, 40_000).mapToObj(i -> "S" + i + ",n").toArray(String[]::new);
    upsert("sku,name", rows);

    List<String> skus =
        Stream.concat(
                IntStream.range(0, 40_000).mapToObj(i -> "S" + i), Stream.of("\"odd\"", "none"))
            .toList();

    assertThat(all(skus)).hasSize(40_000).containsKey("S39999").doesNotContainKey("none");
  }

  @Test
  @Shows("page.bytes")
  void findsOnlyAsManyProductsAsFitIntoSomeBytes() {
    String large = "x".repeat(30_000);
    upsert("sku,name,Colour", "A,n,%s".formatted(large), "B,n,red", "C,n,%s".formatted(large));

    FoundProducts some = store.findSome(List.of("none", "C", "B", "nope", "A", "no"), 30_000);

    assertThat(some.bySku()).containsOnlyKeys("C");
    assertThat(some.answered()).isEqualTo(2);
    assertThat(store.findSome(List.of("B", "C", "none", "A"), 30_000).answered()).isEqualTo(3);
    assertThat(store.findSome(List.of("A"), 1).bySku()).containsOnlyKeys("A");
    assertThat(store.findSome(List.of("none"), 1)).isEqualTo(new FoundProducts(Map.of(), 1));
  }

  @Test
  @Shows("event.rows.small")
  void aGlanceLeavesOutWhatIsLong() {
    String longest = "é".repeat(GlancedProduct.LONGEST_VALUE);
    upsert(
        "sku,name,description,brand,price,Colour",
        "A,n,%s,%sx,1.50,red".formatted(longest, longest));

    assertThat(store.glance(List.of("A", "none")))
        .containsExactly(
            new GlancedProduct(
                "A",
                "n",
                longest,
                new BigDecimal("1.5"),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of("brand")));
  }

  @Test
  void aSkuIsOneThatTheTableCannotDouble() {
    upsert("sku,name", "A,Shoe");

    assertThatThrownBy(
            () -> database.writes.update("INSERT INTO product (sku, name) VALUES ('A', 'x')"))
        .isInstanceOf(DataAccessException.class);
  }

  /**
   * There are more rows than fit into a statement and a batch, and a rest of both. Some skus are
   * stored already, some occur twice.
   */
  @Test
  void agreesWithAPlainModelOverManyRows() {
    Random random = new Random(7);
    ProductModel model = new ProductModel();
    List<String> header = List.of("sku", "name", "Colour");
    HeaderMapping mapping = HeaderMapping.of(header, Map.of());
    for (int file = 0; file < 8; file++) {
      List<String[]> cells = new ArrayList<>();
      for (int i = 500 + random.nextInt(200); i > 0; i--) {
        String sku = "S" + (file * 150 + random.nextInt(450));
        cells.add(new String[] {sku, randomCell("name", random), randomCell("Colour", random)});
      }
      List<ProductRow> rows = cells.stream().map(row -> row(mapping, row.clone())).toList();

      assertThat(database.upsert(mapping, rows)).isEqualTo(model.upsert(header, cells));
      assertThat(all(model.skus())).isEqualTo(model.products());
    }
  }

  /** Random files with few skus and values, so that all cases occur in combination. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithAPlainModel(long seed) {
    Random random = new Random(seed);
    ProductModel model = new ProductModel();
    for (int file = 0; file < 40; file++) {
      List<String> header = randomHeader(random);
      HeaderMapping mapping = HeaderMapping.of(header, Map.of());
      RowChecks checks = new RowChecks(mapping);
      List<String[]> cells = new ArrayList<>();
      List<ProductRow> rows = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        String[] row = header.stream().map(name -> randomCell(name, random)).toArray(String[]::new);
        cells.add(row);
        rows.add(((RowResult.Accepted) checks.check(row)).row());
      }

      assertThat(database.compare(mapping, rows)).isEqualTo(model.compare(header, cells));
      assertThat(database.upsert(mapping, rows)).isEqualTo(model.upsert(header, cells));
      assertThat(all(model.skus())).isEqualTo(model.products());
    }
  }

  @Test
  void rowsWithoutANameUpdateWhatExistsAndAreRefusedOtherwise() {
    upsert("sku,name,price,quantity,Colour", "A,Shoe,1,5,red", "B,Boot,2,5,blue");
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "price", "quantity"), Map.of());
    List<ProductRow> rows =
        List.of(
            row(mapping, "B", "2", "5"),
            row(mapping, "C", "9", "9"),
            row(mapping, "A", "", "-3"),
            row(mapping, "A", "4.50", "-3"));

    assertThat(database.compare(mapping, rows))
        .containsExactly(UNCHANGED, Outcome.NAME_MISSING, UPDATED, UPDATED);
    assertThat(database.upsert(mapping, rows))
        .containsExactly(UNCHANGED, Outcome.NAME_MISSING, UPDATED, UPDATED);

    Product shoe = store.find("A").orElseThrow();
    assertThat(shoe.name()).isEqualTo("Shoe");
    assertThat(shoe.price()).isEqualByComparingTo("4.5");
    assertThat(shoe.quantity()).isEqualTo(-3);
    assertThat(shoe.attributes()).containsEntry("Colour", "red");
    assertThat(store.find("C")).isEmpty();
  }

  @Test
  void aBlankCellThatIsKeptLeavesValueAndAttributeAlone() {
    upsert("sku,name,price,brand,Colour,Size", "A,Shoe,1,Acme,red,5");
    HeaderMapping mapping =
        HeaderMapping.of(List.of("sku", "name", "price", "brand", "Colour", "Size"), Map.of())
            .with(
                new ReadingRules(
                    NumberFormat.UNKNOWN, NumberFormat.UNKNOWN, true, true, false, false, null));
    List<ProductRow> rows =
        List.of(
            row(mapping, "A", "", "free", "Nord", "", "6"),
            row(mapping, "A", "Boot", "", "", "#REF!", ""),
            row(mapping, "N", "", "", "", "", ""),
            row(mapping, "M", "Mug", "", "", "blue", ""),
            row(mapping, "M", "Mug", "", "", "", ""));

    assertThat(database.compare(mapping, rows))
        .containsExactly(UPDATED, UPDATED, Outcome.NAME_MISSING, CREATED, CREATED);
    assertThat(database.upsert(mapping, rows))
        .containsExactly(UPDATED, UPDATED, Outcome.NAME_MISSING, CREATED, UNCHANGED);

    Product shoe = store.find("A").orElseThrow();
    assertThat(shoe.name()).isEqualTo("Boot");
    assertThat(shoe.price()).isEqualByComparingTo("1");
    assertThat(shoe.brand()).isEqualTo("Nord");
    assertThat(shoe.attributes()).containsEntry("Colour", "red").containsEntry("Size", "6");
    assertThat(store.find("M").orElseThrow().attributes()).containsEntry("Colour", "blue");
  }

  @Test
  void aListOfOurOwnReplacesAllAttributes() {
    upsert("sku,name,Colour,Size", "A,Shoe,red,5");
    HeaderMapping mapping =
        HeaderMapping.of(List.of("sku", "name", "attributes"), Map.of())
            .with(ReadingRules.OWN_LISTS);
    List<ProductRow> same =
        List.of(row(mapping, "A", "Shoe", "{\"Colour\":\"red\",\"Size\":\"5\"}"));
    List<ProductRow> edited = List.of(row(mapping, "A", "Shoe", "{\"Size\":\"6\"}"));
    List<ProductRow> cleared = List.of(row(mapping, "A", "Shoe", ""));

    assertThat(database.upsert(mapping, same)).containsExactly(UNCHANGED);
    assertThat(database.compare(mapping, edited)).containsExactly(UPDATED);
    assertThat(database.upsert(mapping, edited)).containsExactly(UPDATED);
    assertThat(store.find("A").orElseThrow().attributes()).isEqualTo(Map.of("Size", "6"));
    assertThat(database.upsert(mapping, cleared)).containsExactly(UPDATED);
    assertThat(store.find("A").orElseThrow().attributes()).isEmpty();
  }

  @Test
  void aPartialRowThatWouldMakeAttributesTooLargeIsRefusedAlone() {
    upsert("sku,name,a", "A,Shoe," + "x".repeat(200_000), "B,Boot,y");
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "b"), Map.of());
    List<ProductRow> rows =
        List.of(
            row(mapping, "A", "x".repeat(100_000)),
            row(mapping, "B", "x".repeat(100_000)),
            row(mapping, "A", "z"));

    assertThat(database.compare(mapping, rows))
        .containsExactly(Outcome.ATTRIBUTES_TOO_LARGE, UPDATED, UPDATED);
    assertThat(database.upsert(mapping, rows))
        .containsExactly(Outcome.ATTRIBUTES_TOO_LARGE, UPDATED, UPDATED);
  }

  @Test
  void listsTheCatalogueBySkuAndDeletes() {
    upsert("sku,name,category", "a%1,Shoe,S", "B,Boot,S", "C,shoe_box,T", "D,Hat,T");
    CatalogueFilter any = new CatalogueFilter(null, null);

    assertThat(skus(any, "", 10, 1_000_000)).containsExactly("B", "C", "D", "a%1");
    assertThat(skus(any, "B", 2, 1_000_000)).containsExactly("C", "D");
    assertThat(skus(any, "", 10, 1)).containsExactly("B");
    assertThat(skus(new CatalogueFilter("SHOE", null), "", 10, 1_000_000))
        .containsExactly("C", "a%1");
    assertThat(skus(new CatalogueFilter("%", null), "", 10, 1_000_000)).containsExactly("a%1");
    assertThat(skus(new CatalogueFilter("_", null), "", 10, 1_000_000)).containsExactly("C");
    assertThat(skus(new CatalogueFilter("o", "T"), "", 10, 1_000_000)).containsExactly("C");

    assertThat(store.delete("C")).isTrue();
    assertThat(store.delete("C")).isFalse();
    assertThat(store.find("C")).isEmpty();
  }

  private List<String> skus(CatalogueFilter filter, String after, int limit, long bytes) {
    return store.catalogue(filter, after, limit, bytes).stream().map(Product::sku).toList();
  }

  private Map<String, Product> all(Collection<String> skus) {
    List<String> rest = List.copyOf(skus);
    Map<String, Product> found = new HashMap<>();
    while (!rest.isEmpty()) {
      FoundProducts some = store.findSome(rest, 1_000_000);
      found.putAll(some.bySku());
      rest = rest.subList(some.answered(), rest.size());
    }
    return found;
  }

  private static List<String> randomHeader(Random random) {
    List<String> header = new ArrayList<>(List.of("sku", "name"));
    Stream.of("price", "quantity", "currency", "brand", "Colour", "Size", "Sole", "say \"x\"")
        .filter(name -> random.nextBoolean())
        .forEach(header::add);
    Collections.shuffle(header, random);
    return header;
  }

  private static String randomCell(String column, Random random) {
    String[] some =
        switch (column) {
          case "sku" -> IntStream.range(0, 25).mapToObj(i -> "S" + i).toArray(String[]::new);
          case "name" -> new String[] {"Shoe", "Boot"};
          case "price" -> new String[] {"", "1", "1.0", "1.50", "01.5"};
          case "quantity" -> new String[] {"", "0", "00", "12"};
          case "currency" -> new String[] {"", "EUR", "USD"};
          default -> new String[] {"", " ", "x", " x", "\"y\"\n"};
        };
    return some[random.nextInt(some.length)];
  }

  Outcome[] upsert(String header, String... rows) {
    HeaderMapping mapping = HeaderMapping.of(List.of(header.split(",")), Map.of());
    return database.upsert(
        mapping, Stream.of(rows).map(row -> row(mapping, row.split(",", -1))).toList());
  }

  static ProductRow row(HeaderMapping mapping, String... cells) {
    return ((RowResult.Accepted) new RowChecks(mapping).check(cells)).row();
  }
}
