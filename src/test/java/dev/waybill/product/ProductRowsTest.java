package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which rows of a chunk give a product another name than an earlier row did. */
class ProductRowsTest {

  private static List<Integer> renamed(String header, String... rows) {
    RowChecks checks = new RowChecks(HeaderMapping.of(List.of(header.split(",")), Map.of()));
    return ProductRows.of(
            Stream.of(rows)
                .map(row -> ((RowResult.Accepted) checks.check(row.split(",", -1))).row())
                .toList())
        .renamed();
  }

  @Test
  void findsTheRowsWithAnotherName() {
    assertThat(renamed("sku,name,price", "A,n,1", "B,n,1", "A,n,2", "A,m,2", "B,n,1"))
        .containsExactly(3);
  }

  @Test
  void aFileWithoutNamesGivesNoProductAnotherName() {
    assertThat(renamed("sku,price", "A,1", "A,2")).isEmpty();
    assertThat(renamed("sku,description", "A,x", "A,y")).isEmpty();
    assertThat(renamed("sku", "A", "A")).isEmpty();
  }
}
