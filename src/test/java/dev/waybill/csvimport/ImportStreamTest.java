package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.stream.RawStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The complete sequence of events of an import, from QUEUED to the final event. */
class ImportStreamTest extends ImportTestBase {

  @Test
  @Shows({
    "event.snapshot.attempt",
    "event.progress",
    "event.progress.first-chunk",
    "event.rows",
    "event.rows.first-chunk",
    "event.rejected",
    "event.final",
    "event.final.complete",
    "event.id.numbers",
    "event.id.queued",
    "stream.frame"
  })
  void theStreamOfAnImportOfOneChunk() throws Exception {
    CountDownLatch watched = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(watched));
    String id = upload(rows(0, 7, "n") + "X,\n");
    List<String> frames = new ArrayList<>();
    try (RawStream stream =
        RawStream.open(uri("/").getPort(), "GET", "/api/jobs/" + id + "/events", 0)) {
      stream.expect("retry: 3000\n: waybill {emitter}\n\n");
      frames.add(stream.block());
      watched.countDown();
      for (String frame = stream.block(); !frame.isEmpty(); frame = stream.block()) {
        frames.add(frame);
      }
    }

    assertThat(frames).allMatch(frame -> frame.matches("id: .+\nevent: .+\ndata: \\{.+}\n\n"));
    assertThat(frames)
        .extracting(frame -> frame.lines().limit(2).toList().toString())
        .containsExactly(
            "[id: 0-1, event: snapshot]",
            "[id: 1-1, event: snapshot]",
            "[id: 1-2, event: rejected]",
            "[id: 1-3, event: rows]",
            "[id: 1-4, event: progress]",
            "[id: 1-5, event: complete]");
    assertThat(data(frames.get(2)).at("/rejections/0").propertyNames())
        .containsExactly("row", "line", "errors");
    List<JsonNode> newest = data(frames.get(3)).get("products").valueStream().toList();
    assertThat(newest)
        .extracting(product -> product.get("sku").asString())
        .containsExactly("S2", "S3", "S4", "S5", "S6");
    String withoutAttributes = product("S6").replaceFirst(",\"attributes\":\\{.*?}", "");
    assertThat(newest.getLast().toString()).isEqualTo(withoutAttributes);
    assertThat(data(frames.get(4)).propertyNames())
        .containsExactly(
            "status", "attempt", "percent", "bytes", "counts", "rowsPerSecond", "etaSeconds");
    assertThat(data(frames.get(5)).toString())
        .isEqualTo(get("/api/jobs/" + id, "application/json").body());
    awaitEnd(id);
  }

  @Test
  void theReadmeShowsTheStreamOfTheSample() throws Exception {
    CountDownLatch watched = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(watched));
    String id = upload("?fileName=products.csv", Files.readString(Path.of("samples/products.csv")));
    StringBuilder bytes = new StringBuilder();
    try (RawStream stream =
        RawStream.open(uri("/").getPort(), "GET", "/api/jobs/" + id + "/events", 0)) {
      String block = stream.block();
      watched.countDown();
      for (; !block.isEmpty(); block = stream.block()) {
        bytes.append(block);
      }
    }
    Matcher shown =
        Pattern.compile("```text\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(shown.find()).isTrue();
    assertThat(bytes.toString())
        .matches(Pattern.compile(asPattern(shown.group(1).strip()) + "\\s*", Pattern.DOTALL));
    awaitEnd(id);
  }

  /** Makes a pattern in which each “…” matches any bytes. */
  private static String asPattern(String shown) {
    return Stream.of(shown.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  private JsonNode data(String frame) {
    return json(
        Stream.of(frame.split("\n"))
            .filter(line -> line.startsWith("data: "))
            .findFirst()
            .orElseThrow()
            .substring(6));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
