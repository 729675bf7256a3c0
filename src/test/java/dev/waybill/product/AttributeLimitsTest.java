package dev.waybill.product;

import static dev.waybill.product.AttributeLimits.MAX_BYTES;
import static dev.waybill.product.AttributeLimits.MAX_COUNT;
import static dev.waybill.product.Outcome.ATTRIBUTES_TOO_LARGE;
import static dev.waybill.product.Outcome.CREATED;
import static dev.waybill.product.Outcome.UNCHANGED;
import static dev.waybill.product.Outcome.UPDATED;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The attributes of one product stay below their limits, however many imports add to them. */
class AttributeLimitsTest {

  /** Two attributes of this size fit, three do not. */
  private static final String LARGE = "x".repeat(100_000);

  @Nested
  class InSqlite extends AnyDatabase {
    @Override
    ProductDatabase newDatabase(Path folder) {
      return ProductDatabase.sqlite(folder);
    }
  }

  @Nested
  class InPostgres extends AnyDatabase {
    @Override
    ProductDatabase newDatabase(Path folder) {
      return ProductDatabase.postgres();
    }
  }

  abstract static class AnyDatabase {

    private ProductDatabase database;

    abstract ProductDatabase newDatabase(Path folder);

    @BeforeEach
    void open(@TempDir Path folder) {
      database = newDatabase(folder);
    }

    @AfterEach
    void close() {
      database.close();
    }

    @Test
    @Shows("row.attributes-too-large")
    void aRowThatWouldMakeAProductTooLargeChangesNothing() {
      upsert("sku,name,a,b", "A,n,%s,%s".formatted(LARGE, LARGE), "B,n,,");

      assertThat(upsert("sku,name,c", "A,new," + LARGE, "B,new," + LARGE, "C,new," + LARGE))
          .containsExactly(ATTRIBUTES_TOO_LARGE, UPDATED, CREATED);

      assertThat(find("A").name()).isEqualTo("n");
      assertThat(find("A").attributes()).containsOnlyKeys("a", "b");
      assertThat(find("B").attributes()).containsOnlyKeys("c");
      assertThat(upsert("sku,name,c,b", "A,new,%s,".formatted(LARGE))).containsExactly(UPDATED);
      assertThat(find("A").attributes()).containsOnlyKeys("a", "c");
    }

    @Test
    void theLimitIsExact() {
      upsert("sku,name,a", "A,n," + LARGE);
      int room = MAX_BYTES - "{'a':'','b':''}".length() - LARGE.length();

      assertThat(upsert("sku,name,b", "A,n," + "y".repeat(room + 1)))
          .containsExactly(ATTRIBUTES_TOO_LARGE);
      assertThat(upsert("sku,name,b", "A,n," + "y".repeat(room))).containsExactly(UPDATED);
      assertThat(upsert("sku,name,b", "A,n," + "y".repeat(room))).containsExactly(UNCHANGED);
    }

    @Test
    void attributesAreCounted() {
      String first = names(0, 200);
      assertThat(upsert("sku,name," + first, "A,n" + ",1".repeat(200))).containsExactly(CREATED);

      assertThat(upsert("sku,name," + names(200, MAX_COUNT + 1), "A,n" + ",1".repeat(57)))
          .containsExactly(ATTRIBUTES_TOO_LARGE);
      assertThat(upsert("sku,name," + names(200, MAX_COUNT), "A,n" + ",1".repeat(56)))
          .containsExactly(UPDATED);
      assertThat(find("A").attributes()).hasSize(MAX_COUNT);
    }

    @Test
    void oneSkuInSeveralRowsIsJudgedRowByRow() {
      upsert("sku,name,a,b", "A,n,%s,%s".formatted(LARGE, LARGE));

      assertThat(
              upsert(
                  "sku,name,c",
                  "A,1," + LARGE,
                  "B,1,x",
                  "A,n,",
                  "A,2,x",
                  "B,1,x",
                  "A,3," + LARGE,
                  "A,2,x",
                  "B,2," + LARGE))
          .containsExactly(
              ATTRIBUTES_TOO_LARGE,
              CREATED,
              UNCHANGED,
              UPDATED,
              UNCHANGED,
              ATTRIBUTES_TOO_LARGE,
              UNCHANGED,
              UPDATED);

      assertThat(find("A").name()).isEqualTo("2");
      assertThat(find("A").attributes()).containsOnlyKeys("a", "b", "c").containsEntry("c", "x");
    }

    @Test
    void aDryRunSaysTheSame() {
      upsert("sku,name,a,b", "A,n,%s,%s".formatted(LARGE, LARGE), "B,n,x,y");

      HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name", "c"), Map.of());
      assertThat(
              database.compare(
                  mapping,
                  List.of(
                      row(mapping, "A", "n", LARGE),
                      row(mapping, "C", "n", LARGE),
                      row(mapping, "B", "n", LARGE),
                      row(mapping, "A", "n", ""),
                      row(mapping, "A", "n", "x"))))
          .containsExactly(ATTRIBUTES_TOO_LARGE, CREATED, UPDATED, UNCHANGED, UPDATED);
    }

    /** Products that were stored before there was a limit may exceed it. */
    @Test
    @Shows("row.attributes-too-large")
    void whatIsTooLargeAlreadyIsReadAndMayShrink() {
      upsert("sku,name,a,b", "A,n,%s,%s".formatted(LARGE, LARGE));
      Map<String, String> attributes = new LinkedHashMap<>(find("A").attributes());
      attributes.put("c", "y".repeat(1_000_000));
      attributes.put("d", LARGE);
      attributes.put("k".repeat(60_000), "z");
      store(attributes);

      assertThat(find("A").attributes()).isEqualTo(attributes);
      assertThat(upsert("sku,name,d", "A,n," + LARGE)).containsExactly(UNCHANGED);
      assertThat(upsert("sku,name,d", "A,m," + LARGE)).containsExactly(UPDATED);
      assertThat(upsert("sku,name,d", "A,m,z" + LARGE.substring(1))).containsExactly(UPDATED);
      assertThat(upsert("sku,name,e", "A,m,x")).containsExactly(ATTRIBUTES_TOO_LARGE);
      assertThat(upsert("sku,name,d", "A,m," + LARGE.substring(1), "A,m," + LARGE))
          .containsExactly(UPDATED, ATTRIBUTES_TOO_LARGE);
      assertThat(find("A").name()).isEqualTo("m");
    }

    private void store(Map<String, String> attributes) {
      String type = this instanceof InPostgres ? "jsonb" : "text";
      if (this instanceof InPostgres) {
        database.writes.execute("ALTER TABLE product DISABLE TRIGGER attributes_limit");
      } else {
        database.writes.execute("DROP TRIGGER IF EXISTS attributes_limit");
      }
      database.writes.update(
          "UPDATE product SET attributes = CAST(? AS %s)".formatted(type),
          JsonMapper.shared().writeValueAsString(attributes));
      if (this instanceof InPostgres) {
        database.writes.execute("ALTER TABLE product ENABLE TRIGGER attributes_limit");
      }
    }

    /** Random files with few skus, so that all cases occur in combination. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithAPlainModel(long seed) {
      Random random = new Random(seed);
      Map<String, Map<String, String>> model = new HashMap<>();
      for (int file = 0; file < 25; file++) {
        List<String> header = new ArrayList<>(List.of("sku", "name"));
        random.ints(0, 10).distinct().limit(5).mapToObj(i -> "a" + i).forEach(header::add);
        HeaderMapping mapping = HeaderMapping.of(header, Map.of());
        List<ProductRow> rows = new ArrayList<>();
        List<Outcome> expected = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
          String[] cells = new String[header.size()];
          cells[0] = "S" + random.nextInt(5);
          cells[1] = "n";
          for (int column = 2; column < cells.length; column++) {
            cells[column] = "é".repeat(new int[] {0, 1, 10_000, 20_000, 25_000}[random.nextInt(5)]);
          }
          rows.add(row(mapping, cells));
          expected.add(merge(model, header, cells));
        }

        assertThat(database.upsert(mapping, rows))
            .containsExactly(expected.toArray(Outcome[]::new));
        model.forEach(
            (sku, attributes) -> assertThat(find(sku).attributes()).isEqualTo(attributes));
      }
    }

    private static Outcome merge(
        Map<String, Map<String, String>> model, List<String> header, String[] cells) {
      Map<String, String> before = model.get(cells[0]);
      Map<String, String> after = before == null ? new HashMap<>() : new HashMap<>(before);
      for (int column = 2; column < cells.length; column++) {
        after.remove(header.get(column));
        if (!cells[column].isEmpty()) {
          after.put(header.get(column), cells[column]);
        }
      }
      if (JsonMapper.shared().writeValueAsBytes(after).length > MAX_BYTES) {
        return ATTRIBUTES_TOO_LARGE;
      }
      model.put(cells[0], after);
      return before == null ? CREATED : before.equals(after) ? UNCHANGED : UPDATED;
    }

    private Product find(String sku) {
      return database.store.find(sku).orElseThrow();
    }

    private Outcome[] upsert(String header, String... rows) {
      HeaderMapping mapping = HeaderMapping.of(List.of(header.split(",")), Map.of());
      return database.upsert(
          mapping, Stream.of(rows).map(row -> row(mapping, row.split(",", -1))).toList());
    }

    private static ProductRow row(HeaderMapping mapping, String... cells) {
      return ((RowResult.Accepted) new RowChecks(mapping).check(cells)).row();
    }
  }

  @Test
  @Shows("row.attributes-too-large")
  void aRowThatIsTooLargeAloneIsRejectedBeforeTheDatabase() {
    assertThat(check("a,b,c", LARGE, LARGE, LARGE)).isInstanceOf(RowResult.Rejected.class);
    assertThat(check("a,b,c", LARGE, LARGE, "")).isInstanceOf(RowResult.Accepted.class);
    String[] many = IntStream.rangeClosed(0, MAX_COUNT).mapToObj(_ -> "x").toArray(String[]::new);
    RowResult result = check(names(0, MAX_COUNT + 1), many);
    assertThat(((RowResult.Rejected) result).errors())
        .singleElement()
        .satisfies(error -> assertThat(error.code()).isEqualTo("attributes-too-large"));
    many[7] = "";
    assertThat(check(names(0, MAX_COUNT + 1), many)).isInstanceOf(RowResult.Accepted.class);
  }

  private static RowResult check(String attributes, String... values) {
    HeaderMapping mapping =
        HeaderMapping.of(List.of(("sku,name," + attributes).split(",")), Map.of());
    return new RowChecks(mapping)
        .check(Stream.concat(Stream.of("A", "n"), Stream.of(values)).toArray(String[]::new));
  }

  private static String names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "a" + i).collect(joining(","));
  }
}
