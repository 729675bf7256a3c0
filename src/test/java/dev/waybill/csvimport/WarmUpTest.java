package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csv.RecordProperties;
import dev.waybill.product.ProductStore;
import java.time.Duration;
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

  private WarmUp warmUp() {
    ImportProperties properties =
        new ImportProperties(
            1,
            5_000,
            DataSize.ofMegabytes(4),
            Duration.ofSeconds(1),
            100_000,
            DataSize.ofMegabytes(256),
            Duration.ofDays(7));
    return new WarmUp(products, properties, records, json, transactions);
  }

  private int count(String table) {
    return database.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
  }

  @Test
  void writesRowsOfWhichNothingIsKept() {
    assertThat(warmUp().rehearse()).isPositive();

    assertThat(count("product")).isZero();
    assertThat(count("job")).isZero();
    assertThat(count("journal")).isZero();
    assertThat(count("rejection")).isZero();
  }

  @Test
  void endsWhereThereIsAnImport() {
    WarmUp warmUp = warmUp();
    warmUp.stop();

    assertThat(warmUp.rehearse()).isZero();
  }
}
