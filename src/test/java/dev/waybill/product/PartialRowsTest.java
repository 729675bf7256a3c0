package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.platform.Database;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that leave single values of their products unchanged, with repeated skus. */
class PartialRowsTest extends EachDatabaseTestBase {

  private static Stream<Arguments> seeds() {
    return seeds(6);
  }

  /**
   * The products A… get all rows of a file in one chunk, the products B… get the same rows one by
   * one.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void aChunkHasTheEffectOfItsRowsOneByOne(Database kind, int seed) {
    ProductDatabase database = open(kind);
    Random random = new Random(seed);
    for (int file = 1; file <= 25; file++) {
      Writing writing = writing(2 * file + 1);
      HeaderMapping mapping = randomMapping(random);
      List<String[]> cells = new ArrayList<>();
      for (int i = 1 + random.nextInt(40); i > 0; i--) {
        cells.add(
            mapping.header().stream()
                .map(column -> randomCell(column, random))
                .toArray(String[]::new));
      }

      Outcome[] together = database.upsert(mapping, rows(mapping, "A", cells), writing(2 * file));
      Outcome[] alone =
          rows(mapping, "B", cells).stream()
              .map(row -> database.upsert(mapping, List.of(row), writing)[0])
              .toArray(Outcome[]::new);

      assertThat(together).as("file %d", file).isEqualTo(alone);
      assertThat(products(database, "A")).as("file %d", file).isEqualTo(products(database, "B"));
      assertThat(changes(database, 2 * file))
          .as("file %d", file)
          .containsExactlyInAnyOrderElementsOf(changes(database, writing.writer()));
    }
  }

  /** The attributes that all these rows keep are together larger than what is sent at one time. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aProductWithLargeAttributesIsWrittenInSeveralParts(Database kind) {
    ProductDatabase database = open(kind);
    HeaderMapping mapping = keeping(List.of("sku", "name", "Colour", "Size"));
    String large = "x".repeat(200_000);
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"1", "n", large, ""});
    for (int i = 0; i < 100; i++) {
      cells.add(new String[] {"1", "", "", "s" + i / 2});
    }

    Outcome[] outcomes =
        database.upsert(mapping, rows(mapping, "A", cells), new Writing(1, 1, Long.MAX_VALUE));

    assertThat(outcomes[0]).isEqualTo(Outcome.CREATED);
    for (int i = 1; i < outcomes.length; i++) {
      assertThat(outcomes[i])
          .as("row %d", i)
          .isEqualTo(i % 2 == 1 ? Outcome.UPDATED : Outcome.UNCHANGED);
    }
    assertThat(database.store.find("A1").orElseThrow().attributes())
        .isEqualTo(Map.of("Colour", large, "Size", "s49"));
    assertThat(
            database.writes.queryForList(
                "SELECT DISTINCT coalesce(prior, 0) FROM product_change", Integer.class))
        .containsExactly(1);

    // Now the rows are short, and only the stored product is large.
    HeaderMapping sizes = keeping(List.of("sku", "Size"));
    List<String[]> small = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      small.add(new String[] {"1", "t" + i / 2});
    }
    Outcome[] changed =
        database.upsert(sizes, rows(sizes, "A", small), new Writing(2, 1, Long.MAX_VALUE));
    for (int i = 0; i < changed.length; i++) {
      assertThat(changed[i])
          .as("row %d", i)
          .isEqualTo(i % 2 == 0 ? Outcome.UPDATED : Outcome.UNCHANGED);
    }
    assertThat(database.store.find("A1").orElseThrow().attributes())
        .isEqualTo(Map.of("Colour", large, "Size", "t49"));
  }

  /** Each round trip that writes needs a transaction ID of its own, because of its savepoint. */
  @Test
  void manyRowsOfTheSameSkuNeedFewStatements() {
    ProductDatabase database = open(Database.POSTGRES);
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "price"), Map.of());
    HeaderMapping names = HeaderMapping.of(List.of("sku", "name"), Map.of());
    List<String[]> name = List.<String[]>of(new String[] {"1", "n"});
    database.upsert(names, rows(names, "A", name), writing(1));
    List<String[]> cells =
        IntStream.range(0, 2_000).mapToObj(i -> new String[] {"1", "" + i}).toList();
    long before = transactionId(database);

    Outcome[] outcomes = database.upsert(mapping, rows(mapping, "A", cells), writing(2));

    assertThat(transactionId(database) - before).isLessThan(500);
    assertThat(outcomes).containsOnly(Outcome.UPDATED);
    assertThat(database.store.find("A1").orElseThrow().price())
        .isEqualByComparingTo(new BigDecimal(1_999));
    assertThat(changes(database, 2)).hasSize(2_000);
  }

  private static long transactionId(ProductDatabase database) {
    return Objects.requireNonNull(
        database.writes.queryForObject("SELECT pg_current_xact_id()::text::bigint", Long.class));
  }

  private static Writing writing(int writer) {
    return new Writing(writer, 1, Long.MAX_VALUE);
  }

  static HeaderMapping keeping(List<String> header) {
    return HeaderMapping.of(header, Map.of())
        .with(
            new ReadingRules(
                NumberFormat.UNKNOWN, NumberFormat.UNKNOWN, true, true, false, false, null));
  }

  private static HeaderMapping randomMapping(Random random) {
    List<String> header = new ArrayList<>(List.of("sku"));
    Stream.of("name", "name", "price", "quantity", "brand", "description", "Colour", "say \"x\"")
        .filter(name -> random.nextInt(3) > 0 && !header.contains(name))
        .forEach(header::add);
    return switch (random.nextInt(3)) {
      case 0 -> keeping(header);
      case 1 -> {
        header.remove("name");
        yield HeaderMapping.of(header, Map.of());
      }
      default ->
          HeaderMapping.of(List.of("sku", "name", "brand", "attributes"), Map.of())
              .with(ReadingRules.OWN_LISTS);
    };
  }

  private static String randomCell(String column, Random random) {
    String[] some =
        switch (column) {
          case "sku" -> new String[] {"1", "2", "3", "4", "5"};
          case "name" -> new String[] {"Shoe", "Boot", "Shoe"};
          case "price" -> new String[] {"", "1", "1.0", "1.50", "#REF!"};
          case "quantity" -> new String[] {"", "0", "-12"};
          case "attributes" -> new String[] {"", "{\"Colour\":\"red\"}", "{\"Size\":\"4\"}"};
          default -> new String[] {"", "x", "y é \"z\"\n", "#N/A"};
        };
    return some[random.nextInt(some.length)];
  }

  private static List<ProductRow> rows(HeaderMapping mapping, String prefix, List<String[]> cells) {
    RowChecks checks = new RowChecks(mapping);
    List<ProductRow> rows = new ArrayList<>();
    for (String[] row : cells) {
      String[] own = row.clone();
      own[0] = prefix + own[0];
      if (checks.check(own) instanceof RowResult.Accepted accepted) {
        rows.add(accepted.row());
      }
    }
    return rows;
  }

  /** Their values, and whether the last writer is the same one. */
  private static List<String> products(ProductDatabase database, String prefix) {
    return database.writes.query(
        """
        SELECT sku, name, description, price, quantity, brand, attributes, writer / 2
        FROM product WHERE sku LIKE ? ORDER BY sku
        """,
        (row, _) ->
            Stream.of(
                    row.getString(1).substring(1),
                    row.getString(2),
                    row.getString(3),
                    price(row.getBigDecimal(4)),
                    row.getString(5),
                    row.getString(6),
                    ProductColumns.attributes(row.getString(7)),
                    row.getInt(8))
                .map(String::valueOf)
                .toList()
                .toString(),
        prefix + "%");
  }

  private static @Nullable String price(@Nullable BigDecimal price) {
    return price == null ? null : price.stripTrailingZeros().toPlainString();
  }

  private static List<String> changes(ProductDatabase database, int writer) {
    return database.writes.query(
        """
        SELECT sku, prior / 2, changed, old_name, new_name, old_price, new_price, old_quantity,
          new_quantity, old_brand, new_brand, old_description, new_description, old_attributes,
          new_attributes
        FROM product_change WHERE writer = ? ORDER BY id
        """,
        (row, _) -> {
          List<String> values = new ArrayList<>();
          values.add(row.getString(1).substring(1));
          for (int column = 2; column <= 15; column++) {
            values.add(
                switch (column) {
                  case 6, 7 -> String.valueOf(price(row.getBigDecimal(column)));
                  case 14, 15 ->
                      row.getString(column) == null
                          ? "null"
                          : ProductColumns.attributes(row.getString(column)).toString();
                  default -> String.valueOf(row.getString(column));
                });
          }
          return values.toString();
        },
        writer);
  }
}
