package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An export that fails in the middle must not look complete to the client. */
class BrokenExportTest extends ImportTestBase {

  /**
   * With names of 200 characters, the export is far larger than all buffers on the way to the
   * client.
   */
  private static final int ROWS = 1500;

  private static final String NAME = "n".repeat(200);

  private String damage(String id, String table, String column, String row, int number) {
    int changed =
        database
            .sql("UPDATE %s SET %s = ? WHERE job_id = ? AND %s = ?".formatted(table, column, row))
            .params(new byte[] {(byte) 0xff}, id, number)
            .update();
    assertThat(changed).isOne();
    return id;
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "text/csv"})
  @Shows("call.products.streamed")
  void acceptedRowsBreakOff(String form) throws Exception {
    String id = imported(rows(0, ROWS, NAME)).id();
    String path = "/api/jobs/" + id + "/products";
    assertThat(get(path, form).body().lines().count()).isBetween((long) ROWS, ROWS + 1L);

    damage(id, "journal", "outcomes", "first_row", ROWS - 9);

    assertThatThrownBy(() -> get(path, form)).isInstanceOf(IOException.class);
  }

  @Test
  void rejectedRowsBreakOff() throws Exception {
    String id = imported((NAME + ",\n").repeat(ROWS)).id();
    String path = "/api/jobs/" + id + "/rejections";
    assertThat(get(path, "text/csv").body().lines().count()).isEqualTo(ROWS + 1L);

    damage(id, "rejection", "errors", "row_number", ROWS);

    assertThatThrownBy(() -> get(path, "text/csv")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "text/csv"})
  void whatFailsBeforeItsFirstByteIsAProblem(String form) throws Exception {
    String id = imported(rows(0, 20, "n")).id();
    damage(id, "journal", "outcomes", "first_row", 1);

    HttpResponse<String> answer = get("/api/jobs/" + id + "/products", form);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }
}
