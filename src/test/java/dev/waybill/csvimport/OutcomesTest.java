package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csv.Position;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRow;
import dev.waybill.product.ProductRows;
import dev.waybill.product.RowChecks;
import dev.waybill.product.RowResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomesTest {

  private static ProductRow row(String sku) {
    RowChecks checks = new RowChecks(HeaderMapping.of(List.of("sku", "name"), Map.of()));
    return ((RowResult.Accepted) checks.check(new String[] {sku, "n"})).row();
  }

  private static Chunk chunk(long firstRow, long[] rows, String... skus) {
    Position anywhere = new Position(1, 1);
    return new Chunk(
        firstRow,
        rows.length == 0 ? firstRow : rows[rows.length - 1],
        ProductRows.of(Arrays.stream(skus).map(OutcomesTest::row).toList()),
        rows,
        new long[0],
        0,
        0,
        List.of(),
        new ChunkCauses(firstRow),
        List.of(),
        anywhere,
        anywhere,
        1);
  }

  private static List<Outcomes.Accepted> unpack(long firstRow, byte[] packed) {
    return Outcomes.unpack(firstRow, packed, 0, Integer.MAX_VALUE);
  }

  @Test
  void comeBackAsTheyWerePacked() {
    long[] rows = {1_000_001, 1_000_002, 1_010_000};
    Chunk chunk = chunk(1_000_001, rows, "a", "茶-1", "x".repeat(64));
    byte[] packed =
        Outcomes.pack(chunk, new Outcome[] {Outcome.UNCHANGED, Outcome.CREATED, Outcome.UPDATED});

    Outcomes.Accepted first = new Outcomes.Accepted(1_000_001, Outcome.UNCHANGED, "a");
    Outcomes.Accepted second = new Outcomes.Accepted(1_000_002, Outcome.CREATED, "茶-1");
    Outcomes.Accepted third = new Outcomes.Accepted(1_010_000, Outcome.UPDATED, "x".repeat(64));
    assertThat(unpack(1_000_001, packed)).containsExactly(first, second, third);
    assertThat(Outcomes.unpack(1_000_001, packed, 1_000_001, 1)).containsExactly(second);
    assertThat(Outcomes.unpack(1_000_001, packed, 1_000_002, 9)).containsExactly(third);
  }

  @Test
  void leaveOutWhatASkuSharesWithTheOneBefore() {
    String[] skus = {"WB-1", "WB-12", "WB-12", "WB-1", "WB-茶", "WB-茂", "x"};
    Outcome[] results = new Outcome[7];
    Arrays.fill(results, Outcome.UPDATED);

    byte[] packed = Outcomes.pack(chunk(1, new long[] {1, 2, 3, 4, 5, 6, 7}, skus), results);

    assertThat(unpack(1, packed)).extracting(Outcomes.Accepted::sku).containsExactly(skus);
    // Each sku has three numbers of one byte. 茶 and 茂 share the first two of their three bytes.
    assertThat(packed).hasSize(7 * 3 + 4 + 1 + 0 + 0 + 3 + 1 + 1);
  }

  @Test
  void ofRowsThatTheTableRefusedAreNone() {
    Chunk chunk = chunk(1, new long[] {1, 2, 4, 5}, "WB-1", "WB-2", "WB-3", "WB-4");
    Outcome refused = Outcome.ATTRIBUTES_TOO_LARGE;

    byte[] packed =
        Outcomes.pack(chunk, new Outcome[] {Outcome.CREATED, refused, Outcome.UPDATED, refused});

    assertThat(unpack(1, packed))
        .containsExactly(
            new Outcomes.Accepted(1, Outcome.CREATED, "WB-1"),
            new Outcomes.Accepted(4, Outcome.UPDATED, "WB-3"));
  }

  /** Journals of earlier versions were written with these numbers and must stay readable. */
  @Test
  void keepTheirNumbersInStoredJournals() {
    byte[] stored = {3, 0, 1, 'a', 4, 1, 0, 5, 0, 1, 'b'};

    assertThat(unpack(1, stored))
        .containsExactly(
            new Outcomes.Accepted(1, Outcome.CREATED, "a"),
            new Outcomes.Accepted(2, Outcome.UPDATED, "a"),
            new Outcomes.Accepted(3, Outcome.UNCHANGED, "b"));
  }

  @Test
  void ofAChunkWithoutAcceptedRowsAreNone() {
    assertThat(unpack(1, Outcomes.pack(chunk(1, new long[0]), new Outcome[0]))).isEmpty();
  }
}
