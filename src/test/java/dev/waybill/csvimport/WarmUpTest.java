package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.csv.RecordProperties;
import dev.waybill.platform.WarmUpProperties;
import dev.waybill.product.ProductStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class WarmUpTest extends ImportTestBase {

  @Autowired private ProductStore products;
  @Autowired private RecordProperties records;
  @Autowired private JsonMapper json;
  @Autowired private TransactionOperations transactions;

  private WarmUp warmUp(boolean wanted) {
    ImportProperties properties =
        new ImportProperties(
            1,
            5_000,
            DataSize.ofMegabytes(4),
            Duration.ofSeconds(1),
            100_000,
            DataSize.ofMegabytes(256),
            Duration.ofDays(7));
    return new WarmUp(
        products, new WarmUpProperties(wanted), properties, records, json, transactions);
  }

  private int count(String table) {
    return database.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
  }

  @Test
  void writesRowsOfWhichNothingIsKept() {
    assertThat(warmUp(true).rehearse()).isPositive();

    assertThat(count("product")).isZero();
    assertThat(count("job")).isZero();
    assertThat(count("journal")).isZero();
    assertThat(count("rejection")).isZero();
  }

  @Test
  void endsWhereThereIsAnImport() {
    WarmUp warmUp = warmUp(true);
    warmUp.stop();

    assertThat(warmUp.rehearse()).isZero();
  }

  @Test
  void runsAfterTheStartUnlessItIsSwitchedOff() {
    warmUp(false).start();
    assertThat(threads()).doesNotContain("warm-up");

    WarmUp warmUp = warmUp(true);
    warmUp.start();
    assertThat(threads()).contains("warm-up");
    warmUp.stop();
    await().until(() -> !threads().contains("warm-up"));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
