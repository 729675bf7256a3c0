package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csv.Position;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRow;
import dev.waybill.product.ProductRows;
import dev.waybill.product.RowChecks;
import dev.waybill.product.RowResult;
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
  void ofAChunkWithoutAcceptedRowsAreNone() {
    Chunk chunk =
        new Chunk(1, 5, new ProductRows(0), new long[0], List.of(), new Position(1, 1), 1);
    assertThat(Outcomes.unpack(1, Outcomes.pack(chunk, new Outcome[0]))).isEmpty();
  }
}
