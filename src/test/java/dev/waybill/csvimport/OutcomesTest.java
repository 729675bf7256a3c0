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

  @Test
  void comeBackAsTheyWerePacked() {
    Chunk chunk =
        new Chunk(
            1_000_001,
            1_010_000,
            ProductRows.of(List.of(row("a"), row("茶-1"), row("x".repeat(64)))),
            new long[] {1_000_001, 1_000_002, 1_010_000},
            List.of(),
            new Position(1, 1),
            1);
    byte[] packed =
        Outcomes.pack(chunk, new Outcome[] {Outcome.UNCHANGED, Outcome.CREATED, Outcome.UPDATED});
    assertThat(Outcomes.unpack(1_000_001, packed))
        .containsExactly(
            new Outcomes.Accepted(1_000_001, Outcome.UNCHANGED, "a"),
            new Outcomes.Accepted(1_000_002, Outcome.CREATED, "茶-1"),
            new Outcomes.Accepted(1_010_000, Outcome.UPDATED, "x".repeat(64)));
  }

  @Test
  void leaveOutWhatASkuSharesWithTheOneBefore() {
    List<String> skus = List.of("WB-1", "WB-12", "WB-12", "WB-1", "WB-茶", "WB-茂", "x");
    Chunk chunk =
        new Chunk(
            1,
            7,
            ProductRows.of(skus.stream().map(OutcomesTest::row).toList()),
            new long[] {1, 2, 3, 4, 5, 6, 7},
            List.of(),
            new Position(1, 1),
            1);
    Outcome[] results = new Outcome[7];
    Arrays.fill(results, Outcome.UPDATED);

    byte[] packed = Outcomes.pack(chunk, results);

    assertThat(Outcomes.unpack(1, packed)).extracting(Outcomes.Accepted::sku).isEqualTo(skus);
    // Three numbers of one byte for each; 茶 and 茂 begin with the same two bytes of three.
    assertThat(packed).hasSize(7 * 3 + 4 + 1 + 0 + 0 + 3 + 1 + 1);
  }

  @Test
  void ofAChunkWithoutAcceptedRowsAreNone() {
    Chunk chunk =
        new Chunk(1, 5, new ProductRows(0), new long[0], List.of(), new Position(1, 1), 1);
    assertThat(Outcomes.unpack(1, Outcomes.pack(chunk, new Outcome[0]))).isEmpty();
  }
}
