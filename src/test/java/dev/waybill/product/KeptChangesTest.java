package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.platform.Database;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The changes that a store keeps while it writes rows, on both databases. */
class KeptChangesTest extends EachDatabaseTestBase {

  private static final int LARGE = 100_000;

  /** A stored change. */
  private record Change(
      String sku, @Nullable Integer prior, @Nullable String before, @Nullable String after) {}

  private static List<Change> changes(ProductDatabase database, Writing writing) {
    return database.writes.query(
        "SELECT sku, prior, old_name, new_name FROM product_change WHERE writer = ? ORDER BY id",
        (row, _) ->
            new Change(
                row.getString(1), (Integer) row.getObject(2), row.getString(3), row.getString(4)),
        writing.writer());
  }

  private static HeaderMapping names() {
    return HeaderMapping.of(List.of("sku", "name"), Map.of());
  }

  private static List<ProductRow> rows(HeaderMapping mapping, String... rows) {
    return Arrays.stream(rows)
        .map(row -> ProductStoreTest.row(mapping, row.split(",", -1)))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void eachRowOfARepeatedSkuHasItsOwnChange(Database kind) {
    ProductDatabase database = open(kind);
    HeaderMapping mapping = names();
    Writing before = new Writing(1, 1, Long.MAX_VALUE);
    Writing writing = new Writing(2, 1, Long.MAX_VALUE);
    database.upsert(mapping, rows(mapping, "A,0", "B,0", "C,1"), before);

    database.upsert(
        mapping,
        rows(mapping, "A,1", "B,1", "A,2", "C,1", "A,2", "A,3", "C,2", "B,2", "C,1", "D,1", "D,2"),
        writing);

    List<Change> changes = changes(database, writing);
    assertThat(changes.stream().filter(change -> change.sku().equals("A")))
        .containsExactly(
            new Change("A", 1, "0", "1"),
            new Change("A", 2, "1", "2"),
            new Change("A", 2, "2", "3"));
    assertThat(changes.stream().filter(change -> change.sku().equals("B")))
        .containsExactly(new Change("B", 1, "0", "1"), new Change("B", 2, "1", "2"));
    assertThat(changes.stream().filter(change -> change.sku().equals("C")))
        .containsExactly(new Change("C", 1, "1", "2"), new Change("C", 2, "2", "1"));
    assertThat(changes.stream().filter(change -> change.sku().equals("D")))
        .containsExactly(new Change("D", 2, "1", "2"));
    assertThat(database.writes.queryForList("SELECT DISTINCT writer FROM product", Integer.class))
        .containsExactly(2);
  }

  private static Stream<Arguments> seeds() {
    return seeds(5);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theChangesAreThoseOfRowsThatAreWrittenOneByOne(Database kind, int seed) {
    ProductDatabase database = open(kind);
    Random random = new Random(seed);
    ProductModel model = new ProductModel();
    List<String> header = List.of("sku", "name", "Colour");
    HeaderMapping mapping = HeaderMapping.of(header, Map.of());
    for (int file = 1; file <= 20; file++) {
      Writing writing = new Writing(file, 1, Long.MAX_VALUE);
      List<ProductRow> rows = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        String[] cells = {
          "S" + random.nextInt(8),
          "n" + random.nextInt(3),
          List.of("", "red").get(random.nextInt(2))
        };
        rows.add(ProductStoreTest.row(mapping, cells.clone()));
        Product old = model.products().get(cells[0]);
        if (model.upsert(header, List.<String[]>of(cells))[0] == Outcome.UPDATED) {
          expected.add(
              shown(cells[0], Objects.requireNonNull(old), model.products().get(cells[0])));
        }
      }

      database.upsert(mapping, rows, writing);

      assertThat(
              database.writes.query(
                  """
                  SELECT sku, old_name, coalesce(new_name, old_name), old_attributes,
                    coalesce(new_attributes, old_attributes)
                  FROM product_change WHERE writer = ? ORDER BY id
                  """,
                  (row, _) ->
                      "%s %s %s → %s %s"
                          .formatted(
                              row.getString(1),
                              row.getString(2),
                              ProductColumns.attributes(row.getString(4)),
                              row.getString(3),
                              ProductColumns.attributes(row.getString(5))),
                  file))
          .as("file %d", file)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static String shown(String sku, Product before, Product after) {
    return "%s %s %s → %s %s"
        .formatted(sku, before.name(), before.attributes(), after.name(), after.attributes());
  }

  /** A single column of a product with large attributes is written again and again. */
  @ParameterizedTest
  @CsvSource({
    "SQLITE, false, false, false",
    "SQLITE, false, true, false",
    "SQLITE, true, false, false",
    "SQLITE, true, true, false",
    "POSTGRES, false, false, false",
    "POSTGRES, false, false, true",
    "POSTGRES, false, true, false",
    "POSTGRES, true, false, false",
    "POSTGRES, true, false, true",
    "POSTGRES, true, true, false",
    "POSTGRES, true, true, true"
  })
  void noMoreIsStoredThanThereIsRoomFor(
      Database kind, boolean dryRun, boolean partial, boolean compresses) {
    ProductDatabase database = open(kind);
    HeaderMapping whole = HeaderMapping.of(List.of("sku", "name", "Colour", "Size"), Map.of());
    // PostgreSQL stores a text that repeats in a small part of its size.
    String large =
        new Random(1)
            .ints(LARGE, 'a', compresses ? 'b' : 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    Writing before = new Writing(1, 1, Writing.NOTHING);
    database.upsert(whole, List.of(ProductStoreTest.row(whole, "A", "n", "red", large)), before);
    HeaderMapping mapping =
        HeaderMapping.of(
            partial ? List.of("sku", "Colour") : List.of("sku", "name", "Colour"), Map.of());
    List<ProductRow> rows =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    partial
                        ? ProductStoreTest.row(mapping, "A", "c" + i)
                        : ProductStoreTest.row(mapping, "A", "n", "c" + i))
            .toList();
    Writing writing = new Writing(2, 1, 10L * LARGE);

    Outcome[] outcomes =
        dryRun ? database.compare(mapping, rows, writing) : database.upsert(mapping, rows, writing);

    assertThat(outcomes).containsOnly(Outcome.UPDATED);
    assertThat(changes(database, writing)).hasSizeBetween(1, 7);
  }
}
