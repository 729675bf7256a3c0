package dev.waybill.product;

import static dev.waybill.product.Outcome.CREATED;
import static dev.waybill.product.Outcome.UNCHANGED;
import static dev.waybill.product.Outcome.UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.PessimisticLockingFailureException;

class PostgresProductStoreTest extends ProductStoreTest {

  @Override
  ProductDatabase newDatabase(Path folder) {
    return ProductDatabase.postgres();
  }

  @Test
  void escapesWhatCopyWouldRead() {
    HeaderMapping mapping =
        HeaderMapping.of(List.of("sku", "name", "description"), Map.of())
            .with(ReadingRules.OWN_LISTS);
    String awkward = "\\N \\. a\tb\nc\r\nd\\e\b\f\u000b \u0085 é 茶 👟";
    List<ProductRow> rows =
        List.of(row(mapping, "A", "\\N", awkward), row(mapping, "\\.", "\\", "x"));

    assertThat(database.upsert(mapping, rows)).containsOnly(CREATED);
    assertThat(database.upsert(mapping, rows)).containsOnly(UNCHANGED);

    assertThat(store.find("A").orElseThrow().description()).isEqualTo(awkward);
    assertThat(store.find("A").orElseThrow().name()).isEqualTo("\\N");
    assertThat(store.find("\\.").orElseThrow().name()).isEqualTo("\\");
  }

  /**
   * The sizes are near those of the blocks in which rows are collected, and of what is sent at one
   * time.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void copiesRowsOfAnySizeInAnyOrder(boolean inOrder) {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name", "description"), Map.of());
    int[] sizes = {0, 9, 16_000, 17_000, 40_000, 5, 65_000, 65_536, 70_000, 5, 5, 400_000, 5};
    Map<String, String> descriptions = new TreeMap<>();
    for (int i = 0; i < 3 * sizes.length; i++) {
      descriptions.put("S%03d".formatted(i), "é".repeat(sizes[i % sizes.length] / 2) + i);
    }
    List<ProductRow> rows = new ArrayList<>();
    descriptions.forEach((sku, description) -> rows.add(row(mapping, sku, "n", description)));
    if (!inOrder) {
      Collections.shuffle(rows, new Random(7));
    }

    assertThat(database.compare(mapping, rows)).containsOnly(CREATED);
    assertThat(database.upsert(mapping, rows)).containsOnly(CREATED);
    assertThat(database.upsert(mapping, rows)).containsOnly(UNCHANGED);
    assertThat(database.compare(mapping, rows)).containsOnly(UNCHANGED);

    descriptions.forEach(
        (sku, description) ->
            assertThat(store.find(sku).orElseThrow().description()).isEqualTo(description));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0.5",
        "0.0001",
        "0.01",
        "7.1",
        "10000",
        "10000.0001",
        "99999999.99",
        "100000000",
        "123456789012345",
        "999999999999999.9999",
        "100000000000000"
      })
  void aPriceIsStoredAsItsTextSays(String price) {
    upsert("sku,name,price,quantity", "A,Shoe," + price + ",2147483647");

    assertThat(
            database.writes.queryForMap(
                "SELECT price::text, price = ?::numeric AS same, quantity FROM product", price))
        .containsExactly(
            Map.entry("price", price), Map.entry("same", true), Map.entry("quantity", 2147483647));
    assertThat(upsert("sku,name,price", "A,Shoe," + price)).containsExactly(UNCHANGED);
  }

  @Test
  void aProductThatExistsAmongNewOnesCostsNoRow() {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name"), Map.of());
    assertThat(database.upsert(mapping, rows(mapping, 0, 100, "n"))).containsOnly(CREATED);

    Outcome[] mixed = database.upsert(mapping, rows(mapping, 99, 200, "m"));
    assertThat(mixed[0]).isEqualTo(UPDATED);
    assertThat(List.of(mixed).subList(1, 101)).containsOnly(CREATED);
    for (int from = 200; from < 600; from += 100) {
      assertThat(database.upsert(mapping, rows(mapping, from, from + 100, "n")))
          .containsOnly(CREATED);
    }
    assertThat(database.upsert(mapping, rows(mapping, 0, 99, "n"))).containsOnly(UNCHANGED);
  }

  @Test
  void anUnchangedProductIsNotEvenLocked() {
    upsert("sku,name,Colour", "A,Shoe,red", "B,Boot,red");
    List<Map<String, Object>> before = versions();

    assertThat(upsert("sku,name,Colour", "A,Shoe,red", "B,Boot,red")).containsOnly(UNCHANGED);

    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void twoImportsOfTheSameNewProductsBothCount() throws Exception {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name"), Map.of());
    try (ProductDatabase other = database.twin()) {
      CompletableFuture<Outcome[]> second = new CompletableFuture<>();
      database.inTransaction(
          () -> {
            store.upsert(
                mapping,
                database.prepared(mapping, List.of(row(mapping, "A", "first"))),
                ProductDatabase.WRITING);
            second.completeAsync(() -> other.upsert(mapping, List.of(row(mapping, "A", "second"))));
            awaitLockWait(1);
          });

      assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly(UPDATED);
      assertThat(store.find("A").orElseThrow().name()).isEqualTo("second");
    }
  }

  /**
   * Another import creates the product after this one has found that it does not exist. The rows
   * keep the brand, so they must not clear the brand that the other import has stored.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRowDoesNotClearAValueThatItKeepsIfItsProductIsCreatedMeanwhile(int times) throws Exception {
    HeaderMapping mapping = PartialRowsTest.keeping(List.of("sku", "name", "brand"));
    List<ProductRow> first = List.of(row(mapping, "A", "first", "Acme"));
    List<ProductRow> rows =
        IntStream.range(0, times).mapToObj(i -> row(mapping, "A", "second" + i, "")).toList();
    try (ProductDatabase other = database.twin()) {
      CompletableFuture<Outcome[]> second = new CompletableFuture<>();
      database.inTransaction(
          () -> {
            store.upsert(mapping, database.prepared(mapping, first), ProductDatabase.WRITING);
            second.completeAsync(() -> other.upsert(mapping, rows));
            awaitLockWait(1);
          });

      assertThat(second.handle((_, e) -> e.getCause()).get(10, TimeUnit.SECONDS))
          .isInstanceOf(PessimisticLockingFailureException.class);
      assertThat(store.find("A").orElseThrow().brand()).isEqualTo("Acme");
      assertThat(other.upsert(mapping, rows)).containsOnly(UPDATED);
      assertThat(store.find("A").orElseThrow().brand()).isEqualTo("Acme");
      assertThat(store.find("A").orElseThrow().name()).isEqualTo("second" + (times - 1));
    }
  }

  /** Another import changes the product after this one has begun to wait for the lock. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void partialRowsAreComparedWithTheProductThatTheyHaveLocked(int times) throws Exception {
    HeaderMapping mapping = PartialRowsTest.keeping(List.of("sku", "name", "brand"));
    database.upsert(mapping, List.of(row(mapping, "A", "n", "Old")));
    List<ProductRow> changed = List.of(row(mapping, "A", "m", "Acme"));
    List<ProductRow> rows = Collections.nCopies(times, row(mapping, "A", "m", ""));
    try (ProductDatabase other = database.twin()) {
      CompletableFuture<Outcome[]> second = new CompletableFuture<>();
      database.inTransaction(
          () -> {
            store.upsert(mapping, database.prepared(mapping, changed), ProductDatabase.WRITING);
            second.completeAsync(() -> other.upsert(mapping, rows));
            awaitLockWait(1);
          });

      assertThat(second.get(10, TimeUnit.SECONDS)).containsOnly(UNCHANGED);
      assertThat(store.find("A").orElseThrow().brand()).isEqualTo("Acme");
    }
  }

  @Test
  void aDeadlockIsOneToSpringAlsoDuringCopy() throws Exception {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name"), Map.of());
    try (ProductDatabase other = database.twin()) {
      CompletableFuture<Outcome[]> second = new CompletableFuture<>();
      CompletableFuture<Throwable> first = new CompletableFuture<>();
      try {
        database.inTransaction(
            () -> {
              store.upsert(
                  mapping,
                  database.prepared(mapping, List.of(row(mapping, "A", "n"))),
                  ProductDatabase.WRITING);
              second.completeAsync(
                  () -> {
                    Outcome[][] outcomes = new Outcome[1][];
                    other.inTransaction(
                        () -> {
                          other.store.upsert(
                              mapping,
                              database.prepared(mapping, List.of(row(mapping, "B", "n"))),
                              ProductDatabase.WRITING);
                          outcomes[0] =
                              other.store.upsert(
                                  mapping,
                                  database.prepared(mapping, List.of(row(mapping, "A", "n"))),
                                  ProductDatabase.WRITING);
                        });
                    return outcomes[0];
                  });
              awaitLockWait(1);
              store.upsert(
                  mapping,
                  database.prepared(mapping, List.of(row(mapping, "B", "n"))),
                  ProductDatabase.WRITING);
            });
        first.complete(null);
      } catch (PessimisticLockingFailureException e) {
        first.complete(e);
      }

      Throwable secondFailure = second.handle((_, e) -> e).get(10, TimeUnit.SECONDS);
      assertThat(Stream.of(first.get(), secondFailure == null ? null : secondFailure.getCause()))
          .filteredOn(failure -> failure != null)
          .singleElement()
          .isInstanceOf(PessimisticLockingFailureException.class);
    }
  }

  private void awaitLockWait(int sessions) {
    Awaitility.await()
        .until(
            () ->
                database.writes.queryForObject(
                    """
                    SELECT count(*) = ? FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND datname = current_database()
                    """,
                    Boolean.class,
                    sessions));
  }

  private List<Map<String, Object>> versions() {
    return database.writes.queryForList(
        "SELECT sku, ctid::text, xmin::text, xmax::text FROM product ORDER BY sku");
  }

  private static List<ProductRow> rows(HeaderMapping mapping, int from, int to, String name) {
    return IntStream.range(from, to).mapToObj(i -> row(mapping, "S" + i, name)).toList();
  }
}
