package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Records that reach a limit exactly, and records that exceed it by one. */
class RecordCapsTest extends ImportTestBase {

  @Test
  @Shows({"damage.max-lines", "damage.rest-again"})
  void aRecordOfTooManyLinesCostsItsFirstLine() throws Exception {
    String lines = "x\n".repeat(4998);

    Job job =
        awaitEnd(
            upload(
                "",
                "sku,name,text\nA,a,\"t\n"
                    + lines
                    + "x\"\nB,b,\"t\n"
                    + lines
                    + "x\nC,c,t\"\nD,d,t\n"));

    // Each further line of the second record is read as a separate record; the last one is a valid
    // row.
    assertThat(counts(job)).isEqualTo(new Counts(5003, 3, 0, 0, 5000, 0, 0));
    assertThat(rejections(job).getFirst().get("original").asString()).isEqualTo("B,b,\"t");
    assertThat(rejections(job).getFirst().get("errors").valueStream())
        .anySatisfy(
            error -> assertThat(error.get("code").asString()).isEqualTo("record-too-large"));
    assertThat(json(product("C")).at("/attributes/text").asString()).isEqualTo("t\"");
  }

  @Test
  @Shows("damage.max-columns")
  void aRecordOfTooManyColumnsCostsOneRow() throws Exception {
    String header =
        "sku,name" + IntStream.range(2, 1000).mapToObj(i -> ",c" + i).reduce("", String::concat);
    // Blank cells are columns but not attributes; a product may have at most 256 attributes.
    String cells = ",".repeat(998);

    Job job =
        awaitEnd(upload("", header + "\nA,a" + cells + "\nB,b" + cells + ",x\nC,c" + cells + "\n"));

    assertThat(counts(job)).isEqualTo(new Counts(3, 2, 0, 0, 1, 0, 0));
    assertThat(rejections(job))
        .extracting(ReportedRowsTest::at)
        .containsExactly("row 2, line 3: record-too-large");
  }

  @Test
  @Shows({"damage.max-size", "damage.original-cut", "call.rejections.cut"})
  void aRecordOfTooManyBytesCostsOneRowAndItsTextIsCut() throws Exception {
    String most = "x".repeat((1 << 20) - 4);

    Job job =
        awaitEnd(upload("", "sku,name,description\nA,a," + most + "\nB,b," + most + "x\nC,c,x\n"));

    assertThat(counts(job)).isEqualTo(new Counts(3, 2, 0, 0, 1, 0, 0));
    JsonNode rejection = rejections(job).getFirst();
    assertThat(ReportedRowsTest.at(rejection)).isEqualTo("row 2, line 3: record-too-large");
    assertThat(rejection.get("original").asString()).isEqualTo("B,b," + "x".repeat((64 << 10) - 4));
    assertThat(rejection.get("originalCut").asBoolean()).isTrue();
  }
}
