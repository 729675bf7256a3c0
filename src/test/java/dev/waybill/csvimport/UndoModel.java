package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends random imports, dry runs, deletions, undos and undos of undos to a server. After each, it
 * calculates the expected catalogue with simple maps.
 */
final class UndoModel {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String server;
  private final Random random;

  /** A product and the job that wrote it last. */
  private record Stored(Map<String, String> values, String writer) {}

  /**
   * The products that a job has written: old and new values by sku; null if there was no product.
   */
  private record Written(String id, Map<String, @Nullable Stored> before, Set<String> deleted) {}

  private record Expected(Set<String> reversed, Map<String, String> kept, Set<String> missing) {}

  private final Map<String, Stored> catalogue = new TreeMap<>();
  private final List<Written> jobs = new ArrayList<>();
  private final Set<String> undone = new HashSet<>();
  private final List<String> done = new ArrayList<>();

  UndoModel(int port, long seed) {
    server = "http://127.0.0.1:" + port;
    random = new Random(seed);
  }

  void run(int steps) throws Exception {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> upload(false);
        case 4 -> upload(true);
        case 5 -> deleteOne();
        case 6 -> undo(true);
        default -> undo(false);
      }
      assertThat(stored()).as("after %s", done).isEqualTo(values());
    }
  }

  private Map<String, Map<String, String>> values() {
    Map<String, Map<String, String>> values = new TreeMap<>();
    catalogue.forEach((sku, product) -> values.put(sku, product.values()));
    return values;
  }

  private void upload(boolean dryRun) throws Exception {
    String header =
        switch (random.nextInt(4)) {
          case 0 -> "sku,name,price";
          case 1 -> "sku,price";
          case 2 -> "sku,name,Colour";
          default -> "sku,name,price,Colour";
        };
    StringBuilder file = new StringBuilder(header + "\n");
    List<String[]> rows = new ArrayList<>();
    int count = 1 + random.nextInt(25);
    for (int i = 0; i < count; i++) {
      List<String> cells = new ArrayList<>();
      for (String column : header.split(",")) {
        cells.add(
            switch (column) {
              case "sku" -> "S" + random.nextInt(14);
              case "name" -> "n" + random.nextInt(4);
              case "price" -> random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(5));
              default -> random.nextInt(4) == 0 ? "" : "c" + random.nextInt(3);
            });
      }
      rows.add(cells.toArray(String[]::new));
      file.append(String.join(",", cells)).append('\n');
    }
    String id = imported(file.toString(), dryRun);
    done.add((dryRun ? "dry run " : "import ") + id + "\n" + file);
    if (!dryRun) {
      apply(id, header.split(","), rows);
    }
  }

  /** Imports a file, waits until the job has completed, and returns its ID. */
  String imported(String file, boolean dryRun) throws Exception {
    JsonNode born = send("POST", "/api/upload/csv?fileName=f.csv&dryRun=" + dryRun, file, 202);
    String id = born.get("transactionId").asString();
    assertThat(awaitEnd(id).get("status").asString()).isEqualTo("COMPLETED");
    return id;
  }

  JsonNode get(String path) throws Exception {
    return send("GET", path, "", 200);
  }

  private void apply(String id, String[] header, List<String[]> rows) {
    Written written = new Written(id, new HashMap<>(), new HashSet<>());
    for (String[] row : rows) {
      Stored before = catalogue.get(row[0]);
      Map<String, String> values = new TreeMap<>(before == null ? Map.of() : before.values());
      for (int i = 1; i < header.length; i++) {
        if (row[i].isEmpty()) {
          values.remove(header[i]);
        } else {
          values.put(header[i], row[i]);
        }
      }
      if (!values.containsKey("name") || before != null && before.values().equals(values)) {
        continue;
      }
      if (before == null || !before.writer().equals(id)) {
        written.before().put(row[0], before);
      }
      catalogue.put(row[0], new Stored(values, id));
    }
    jobs.add(written);
  }

  private void deleteOne() throws Exception {
    String sku = "S" + random.nextInt(14);
    done.add("delete " + sku);
    send("DELETE", "/api/products/" + sku, "", catalogue.remove(sku) == null ? 404 : 204);
  }

  private void undo(boolean dryRun) throws Exception {
    if (jobs.isEmpty()) {
      return;
    }
    Written target = jobs.get(Math.max(0, jobs.size() - 1 - random.nextInt(4)));
    done.add((dryRun ? "dry undo of " : "undo of ") + target.id());
    String path = "/api/jobs/" + target.id() + "/undo" + (dryRun ? "?dryRun=true" : "");
    if (undone.contains(target.id())) {
      assertThat(send("POST", path, "", 409).get("type").asString()).endsWith("already-undone");
      return;
    }
    String id = send("POST", path, "", 202).get("transactionId").asString();
    JsonNode ended = awaitEnd(id);
    assertThat(ended.get("status").asString()).as("%s", ended).isEqualTo("COMPLETED");
    Written written = new Written(id, new HashMap<>(), new HashSet<>());
    Map<String, Stored> after = new TreeMap<>(catalogue);
    Expected expected = reverse(target, written, after);
    assertThat(lists(id)).as("after %s", done).isEqualTo(expected);
    JsonNode counts = ended.get("counts");
    assertThat(counts.get("reversed").asInt()).isEqualTo(expected.reversed().size());
    assertThat(counts.get("kept").asInt()).isEqualTo(expected.kept().size());
    assertThat(counts.get("missing").asInt()).isEqualTo(expected.missing().size());
    if (!dryRun) {
      catalogue.clear();
      catalogue.putAll(after);
      jobs.add(written);
      undone.add(target.id());
    }
  }

  private static Expected reverse(Written target, Written undo, Map<String, Stored> products) {
    Expected expected = new Expected(new HashSet<>(), new HashMap<>(), new HashSet<>());
    target
        .before()
        .forEach(
            (sku, before) -> {
              Stored now = products.get(sku);
              boolean isAsLeft =
                  target.deleted().contains(sku)
                      ? now == null
                      : now != null && now.writer().equals(target.id());
              if (isAsLeft) {
                undo.before().put(sku, now);
                if (before == null) {
                  undo.deleted().add(sku);
                  products.remove(sku);
                } else {
                  products.put(sku, new Stored(before.values(), undo.id()));
                }
                expected.reversed().add(sku);
              } else if (now == null) {
                expected.missing().add(sku);
              } else {
                expected.kept().put(sku, now.writer());
              }
            });
    return expected;
  }

  private Expected lists(String undo) throws Exception {
    Expected found = new Expected(new HashSet<>(), new HashMap<>(), new HashSet<>());
    items(undo, "reversed").forEach(item -> found.reversed().add(item.get("sku").asString()));
    items(undo, "kept")
        .forEach(item -> found.kept().put(item.get("sku").asString(), item.get("by").asString()));
    items(undo, "missing").forEach(item -> found.missing().add(item.get("sku").asString()));
    return found;
  }

  private List<JsonNode> items(String id, String list) throws Exception {
    List<JsonNode> items = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonNode page = send("GET", "/api/jobs/" + id + "/" + list + "?limit=3" + next, "", 200);
      page.get("items").forEach(items::add);
      next = page.get("next").isNull() ? null : "&after=" + page.get("next").asString();
    }
    return items;
  }

  private Map<String, Map<String, String>> stored() throws Exception {
    Map<String, Map<String, String>> stored = new TreeMap<>();
    for (JsonNode item : send("GET", "/api/products?limit=200", "", 200).get("items")) {
      Map<String, String> values = new TreeMap<>();
      values.put("name", item.get("name").asString());
      if (!item.get("price").isNull()) {
        values.put("price", item.get("price").asString());
      }
      item.get("attributes")
          .properties()
          .forEach(e -> values.put(e.getKey(), e.getValue().asString()));
      stored.put(item.get("sku").asString(), values);
    }
    return stored;
  }

  private JsonNode awaitEnd(String id) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> send("GET", "/api/jobs/" + id, "", 200),
            job ->
                Set.of("COMPLETED", "FAILED", "CANCELLED").contains(job.get("status").asString()));
  }

  private JsonNode send(String method, String path, String body, int status)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Content-Type", "text/csv")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode())
        .as("%s %s: %s", method, path, response.body())
        .isEqualTo(status);
    return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }
}
