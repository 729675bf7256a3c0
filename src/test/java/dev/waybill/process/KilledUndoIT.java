package dev.waybill.process;

import static dev.waybill.process.WaybillClient.id;
import static dev.waybill.process.WaybillClient.json;
import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.platform.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Kills the service while it imports, while it undoes the import, and while it undoes the undo, on
 * both databases. The catalogue and the lists must be those of a map to which the same was done
 * without a crash.
 */
class KilledUndoIT {

  /** So small that each job has hundreds of chunks, and a kill falls between two of them. */
  private static final String SMALL_CHUNKS = "--waybill.import.chunk-rows=10";

  @TempDir private Path folder;

  private KillableService service;

  /** The expected name of each product, by sku. */
  private final Map<String, String> expected = new TreeMap<>();

  @ParameterizedTest
  @EnumSource(Database.class)
  @Shows({"call.undo.resumed", "call.undo.kept", "call.undo.undone"})
  void killedImportsAndUndosEndAsIfNothingHadHappened(Database database) throws Exception {
    service = KillableService.start(database, folder.resolve("data"), SMALL_CHUNKS);
    try {
      upload(0, 4000, "base");
      Map<String, String> before = new TreeMap<>(expected);
      String target = upload(2000, 8000, "target", 1500);
      Map<String, String> imported = new TreeMap<>(expected);
      String one = upload(3000, 3500, "one");
      String other = upload(6000, 6300, "other");
      delete("S2500", "S7000");
      Map<String, String> kept = new TreeMap<>();
      IntStream.range(3000, 3500).forEach(i -> kept.put("S" + i, one));
      IntStream.range(6000, 6300).forEach(i -> kept.put("S" + i, other));
      Set<String> missing = Set.of("S2500", "S7000");
      Set<String> reversed = skus(2000, 8000);
      reversed.removeAll(kept.keySet());
      reversed.removeAll(missing);

      String undo = undo(target, 2000);

      reversed.forEach(sku -> expected.compute(sku, (_, _) -> before.get(sku)));
      assertThat(catalogue()).isEqualTo(expected);
      assertLists(undo, reversed, kept, missing);

      String undoOfUndo = undo(undo, 3000);

      reversed.forEach(sku -> expected.put(sku, imported.get(sku)));
      assertThat(catalogue()).isEqualTo(expected);
      assertLists(undoOfUndo, reversed, Map.of(), Set.of());
    } finally {
      service.close();
    }
  }

  private static Set<String> skus(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "S" + i)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Imports products, and returns the ID of the job after its end. */
  private String upload(int from, int to, String name) throws Exception {
    return upload(from, to, name, Integer.MAX_VALUE);
  }

  /**
   * @param killAt the service is killed and started again after so many rows
   */
  private String upload(int from, int to, String name, int killAt) throws Exception {
    Set<String> skus = skus(from, to);
    skus.forEach(sku -> expected.put(sku, name));
    String id;
    try (WaybillClient client = service.client()) {
      id =
          client.upload(
              "",
              skus.stream()
                  .map(sku -> sku + "," + name + "\n")
                  .collect(joining("", "sku,name\n", "")));
    }
    assertEnd(id, "rows", killAt);
    return id;
  }

  /** Undoes a job, and returns the ID of the undo after its end. */
  private String undo(String target, int killAt) throws Exception {
    String id;
    try (WaybillClient client = service.client()) {
      id = id(json(client.send(client.to("/api/jobs/" + target + "/undo").POST(noBody()))));
    }
    assertEnd(id, "products", killAt);
    return id;
  }

  private void assertEnd(String id, String count, int killAt) throws Exception {
    boolean kills = killAt < Integer.MAX_VALUE;
    if (kills) {
      try (WaybillClient client = service.client()) {
        client.awaitJob(id, job -> job.get("counts").get(count).asInt() >= killAt);
        service.kill();
      }
      service.startAgain();
    }
    try (WaybillClient client = service.client()) {
      JsonNode end = client.awaitEnd(id);
      assertThat(end.get("status").asString()).as("%s", end).isEqualTo("COMPLETED");
      assertThat(end.get("attempt").asInt()).isEqualTo(kills ? 2 : 1);
    }
  }

  private void delete(String... skus) throws IOException {
    try (WaybillClient client = service.client()) {
      for (String sku : skus) {
        assertThat(client.send(client.to("/api/products/" + sku).DELETE()).statusCode())
            .isEqualTo(204);
        expected.remove(sku);
      }
    }
  }

  private Map<String, String> catalogue() throws IOException {
    return list("/api/products", "name");
  }

  /** A list by sku, with the value of another property; blank if it has none. */
  private Map<String, String> list(String path, String property) throws IOException {
    Map<String, String> items = new TreeMap<>();
    try (WaybillClient client = service.client()) {
      for (String line : client.get(path, "Accept", WaybillClient.NDJSON).body().lines().toList()) {
        JsonNode item = json(line);
        assertThat(items.put(item.get("sku").asString(), item.path(property).asString("")))
            .isNull();
      }
    }
    return items;
  }

  private void assertLists(
      String undo, Set<String> reversed, Map<String, String> kept, Set<String> missing)
      throws IOException {
    String path = "/api/jobs/" + undo;
    assertThat(list(path + "/reversed", "by").keySet()).isEqualTo(reversed);
    assertThat(list(path + "/kept", "by")).isEqualTo(kept);
    assertThat(list(path + "/missing", "by").keySet()).isEqualTo(missing);
    try (WaybillClient client = service.client()) {
      JsonNode counts = client.job(undo).get("counts");
      assertThat(
              Stream.of("products", "reversed", "kept", "missing")
                  .map(name -> counts.get(name).asInt()))
          .containsExactly(
              reversed.size() + kept.size() + missing.size(),
              reversed.size(),
              kept.size(),
              missing.size());
    }
  }
}
