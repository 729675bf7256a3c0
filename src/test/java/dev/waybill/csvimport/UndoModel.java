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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends random imports, dry runs, deletions, undos and undos of undos to a server. Some run at the
 * same time, and some undos are cancelled. After each, it calculates the expected catalogue with
 * simple maps. If the order of two jobs is not known, it accepts each order that the last writer of
 * each product allows.
 */
public final class UndoModel {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> SKUS =
      IntStream.range(0, 14).mapToObj("S%d"::formatted).toList();

  /** Only the last jobs are undone, so the model forgets what the jobs before them have written. */
  private static final int TARGETS = 6;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String server;
  private final Random random;
  private final int mostRows;
  private final Disturb disturb;

  /** An uploaded file: its job, its columns, and its rows. */
  private record Upload(String id, String[] header, List<String[]> rows) {

    List<PossiblePasts.Write> writes(String sku) {
      return PossiblePasts.rows(sku, id, header, rows);
    }
  }

  private final PossiblePasts products = new PossiblePasts();
  private final List<String> jobs = new ArrayList<>();
  private final Set<String> undone = new HashSet<>();

  /** The cancelled undos of each job, in the order in which they ran. */
  private final Map<String, List<String>> cancelled = new TreeMap<>();

  /** The skus that the cancelled undos of a job have handled. */
  private final Map<String, Set<String>> handled = new TreeMap<>();

  private final List<String> done = new ArrayList<>();

  /** Cancels running undos. */
  public interface CancelUndo {
    /** Each undo gets a cancel request when it has committed so many parts. */
    void afterPart(int part);

    /** Later undos get no cancel request. */
    void never();
  }

  /** Disturbs jobs, for example by a crash of the server. */
  @FunctionalInterface
  public interface Disturb {
    /** Called for each started job before the model waits for its end. */
    void started(String job) throws Exception;
  }

  UndoModel(int port, long seed) {
    this(port, seed, 25, _ -> {});
  }

  /**
   * @param mostRows the most rows of a file that is imported alone
   */
  public UndoModel(int port, long seed, int mostRows, Disturb disturb) {
    server = "http://127.0.0.1:" + port;
    random = new Random(seed);
    this.mostRows = mostRows;
    this.disturb = disturb;
  }

  public void run(int steps, CancelUndo cancel, Runnable afterEach) throws Exception {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> upload(false);
        case 3 -> upload(true);
        case 4 -> deleteOne();
        case 5 -> undo(true);
        case 6, 7 -> importTwoAtOnce();
        case 8 -> undoBesideAnImport();
        case 9, 10 -> cancelAnUndo(cancel);
        default -> undo(false);
      }
      checkCatalogue();
      products.forgetAllBut(lastJobs());
      afterEach.run();
    }
  }

  private List<String> lastJobs() {
    return jobs.subList(Math.max(0, jobs.size() - TARGETS), jobs.size());
  }

  private void checkCatalogue() throws Exception {
    Map<String, Map<String, String>> stored = stored();
    for (String sku : SKUS) {
      products.keep(sku, stored.get(sku), this::words);
    }
  }

  private String words() {
    return "after " + String.join("\n", done);
  }

  private void upload(boolean dryRun) throws Exception {
    Upload upload = start(mostRows, dryRun);
    assertCompleted(awaitEnd(upload.id()));
    if (!dryRun) {
      SKUS.forEach(sku -> products.write(sku, upload.writes(sku), this::words));
      jobs.add(upload.id());
    }
  }

  private void importTwoAtOnce() throws Exception {
    done.add("at the same time:");
    Upload one = start(40, false);
    Upload other = start(40, false);
    assertCompleted(awaitEnd(one.id()));
    assertCompleted(awaitEnd(other.id()));
    SKUS.forEach(sku -> products.write(sku, one.writes(sku), other.writes(sku), this::words));
    jobs.add(one.id());
    jobs.add(other.id());
  }

  /** Uploads random rows for a few skus, without waiting for the end of the job. */
  private Upload start(int most, boolean dryRun) throws Exception {
    String header =
        switch (random.nextInt(4)) {
          case 0 -> "sku,name,price";
          case 1 -> "sku,price";
          case 2 -> "sku,name,Colour";
          default -> "sku,name,price,Colour";
        };
    StringBuilder file = new StringBuilder(header + "\n");
    List<String[]> rows = new ArrayList<>();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      List<String> cells = new ArrayList<>();
      for (String column : header.split(",")) {
        cells.add(
            switch (column) {
              case "sku" -> SKUS.get(random.nextInt(SKUS.size()));
              case "name" -> "n" + random.nextInt(4);
              case "price" -> random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(5));
              default -> random.nextInt(4) == 0 ? "" : "c" + random.nextInt(3);
            });
      }
      rows.add(cells.toArray(String[]::new));
      file.append(String.join(",", cells)).append('\n');
    }
    String id = id(send("POST", "/api/upload/csv?dryRun=" + dryRun, file.toString(), 202));
    done.add((dryRun ? "dry run " : "import ") + id + "\n" + file);
    return new Upload(id, header.split(","), rows);
  }

  private void deleteOne() throws Exception {
    String sku = SKUS.get(random.nextInt(SKUS.size()));
    done.add("delete " + sku);
    send("DELETE", "/api/products/" + sku, "", products.exists(sku) ? 204 : 404);
    products.delete(sku);
  }

  /** One of the last jobs, if it was not undone. Checks that a job is not undone twice. */
  private Optional<String> target(String query) throws Exception {
    if (jobs.isEmpty()) {
      return Optional.empty();
    }
    String target = jobs.get(Math.max(0, jobs.size() - 1 - random.nextInt(4)));
    if (!undone.contains(target)) {
      return Optional.of(target);
    }
    JsonNode problem = send("POST", "/api/jobs/" + target + "/undo" + query, "", 409);
    assertThat(problem.get("type").asString()).endsWith("already-undone");
    return Optional.empty();
  }

  private void undo(boolean dryRun) throws Exception {
    String query = dryRun ? "?dryRun=true" : "";
    Optional<String> target = target(query);
    if (target.isPresent()) {
      done.add((dryRun ? "dry undo of " : "undo of ") + target.get());
      JsonNode ended = awaitEnd(startUndo(target.get(), query));
      assertCompleted(ended);
      apply(undo(target.get(), dryRun, ended), ended, _ -> List.of());
    }
  }

  private void undoBesideAnImport() throws Exception {
    Optional<String> target = target("");
    if (target.isPresent()) {
      done.add("undo of %s at the same time as".formatted(target.get()));
      Upload upload = start(40, false);
      JsonNode ended = awaitEnd(startUndo(target.get(), ""));
      assertCompleted(ended);
      assertCompleted(awaitEnd(upload.id()));
      apply(undo(target.get(), false, ended), ended, upload::writes);
      jobs.add(upload.id());
    }
  }

  private void cancelAnUndo(CancelUndo cancel) throws Exception {
    Optional<String> target = target("");
    if (target.isPresent()) {
      int parts = 1 + random.nextInt(3);
      cancel.afterPart(parts);
      JsonNode ended = awaitEnd(startUndo(target.get(), ""));
      cancel.never();
      done.add("undo of %s, cancelled after %d parts: %s".formatted(target.get(), parts, ended));
      apply(undo(target.get(), false, ended), ended, _ -> List.of());
    }
  }

  private String startUndo(String target, String query) throws Exception {
    return id(send("POST", "/api/jobs/" + target + "/undo" + query, "", 202));
  }

  private PossiblePasts.Undo undo(String target, boolean dryRun, JsonNode ended) {
    List<String> earlier = cancelled.getOrDefault(target, List.of());
    // It continues where the last undo was cancelled, unless that undo was undone.
    boolean continues = !earlier.isEmpty() && !isUndone(earlier.getLast());
    return new PossiblePasts.Undo(
        id(ended),
        target,
        dryRun,
        earlier,
        earlier.stream().filter(undo -> !isUndone(undo)).toList(),
        continues ? handled.getOrDefault(target, Set.of()) : Set.of(),
        ended.get("status").asString().equals("COMPLETED"));
  }

  /** Whether there is an undo of this job, even if that undo was cancelled. */
  private boolean isUndone(String job) {
    return undone.contains(job) || cancelled.containsKey(job);
  }

  /** Compares the lists of an undo with the expected ones. */
  private void apply(
      PossiblePasts.Undo undo, JsonNode ended, Function<String, List<PossiblePasts.Write>> beside)
      throws Exception {
    Map<String, String> listed = lists(undo.id());
    Supplier<String> words =
        () ->
            "listed by undo %s of %s: %s, %s".formatted(undo.id(), undo.target(), listed, words());
    for (String sku : SKUS) {
      PossiblePasts.Write write = PossiblePasts.undo(sku, undo, listed.get(sku));
      products.write(sku, List.of(write), beside.apply(sku), words);
    }
    JsonNode counts = ended.get("counts");
    for (String result : List.of("reversed", "kept", "missing")) {
      long expected = listed.values().stream().filter(each -> each.startsWith(result)).count();
      assertThat(counts.get(result).asLong()).as(words.get()).isEqualTo(expected);
    }
    for (String effect : List.of("deleted", "recreated")) {
      long expected = listed.values().stream().filter(("reversed, " + effect)::equals).count();
      assertThat(counts.get(effect).asLong()).as(words.get()).isEqualTo(expected);
    }
    if (undo.dryRun()) {
      return;
    }
    jobs.add(undo.id());
    if (undo.isWhole()) {
      undone.add(undo.target());
    } else {
      cancelled.computeIfAbsent(undo.target(), _ -> new ArrayList<>()).add(undo.id());
      Set<String> all = new HashSet<>(undo.handled());
      all.addAll(listed.keySet());
      handled.put(undo.target(), all);
    }
  }

  /** The products in the lists of an undo, each with its result. */
  private Map<String, String> lists(String undo) throws Exception {
    Map<String, String> listed = new TreeMap<>();
    for (String list : List.of("reversed", "kept", "missing")) {
      for (JsonNode item : items(undo, list)) {
        String result =
            switch (list) {
              case "kept" -> "kept by " + item.get("by").asString();
              case "reversed" -> "reversed, " + item.get("result").asString();
              default -> list;
            };
        assertThat(listed.put(item.get("sku").asString(), result))
            .as("%s %s", item, words())
            .isNull();
      }
    }
    return listed;
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

  /** Imports a file, waits until the job has completed, and returns its ID. */
  String imported(String file, boolean dryRun) throws Exception {
    JsonNode ended = ended("dryRun=" + dryRun, file);
    assertCompleted(ended);
    return id(ended);
  }

  /** Imports a file and returns the job after its end. */
  JsonNode ended(String query, String file) throws Exception {
    return awaitEnd(id(send("POST", "/api/upload/csv?fileName=f.csv&" + query, file, 202)));
  }

  /** Undoes a job and returns the undo after its end. */
  JsonNode undone(String job) throws Exception {
    return awaitEnd(startUndo(job, ""));
  }

  JsonNode get(String path) throws Exception {
    return send("GET", path, "", 200);
  }

  private static String id(JsonNode job) {
    return job.get("transactionId").asString();
  }

  private void assertCompleted(JsonNode job) {
    assertThat(job.get("status").asString()).as("%s %s", job, words()).isEqualTo("COMPLETED");
  }

  private JsonNode awaitEnd(String id) throws Exception {
    disturb.started(id);
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
