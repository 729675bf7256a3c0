package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import tools.jackson.databind.JsonNode;

/**
 * Sends every call with every kind of credential. If a controller serves a call that has no row in
 * the table, the test fails: somebody must decide who may make a new call.
 */
class AccessTableTest extends AccessTestBase {

  /**
   * Each row has a call, and the status for four callers: without a credential, with a key that
   * lacks the scope, another principal with the owner's scopes, and the right caller. Expired and
   * revoked keys must get the same status as no credential.
   */
  private static final String TABLE =
      """
      POST /api/upload/csv                | 401 | 403 | 202 | 202
      GET /api/previews/{id}              | 401 | 403 | 404 | 404
      PATCH /api/previews/{id}            | 401 | 403 | 400 | 400
      DELETE /api/previews/{id}           | 401 | 403 | 404 | 404
      POST /api/previews/{id}/import      | 401 | 403 | 404 | 404
      GET /api/profiles                   | 401 | 403 | 200 | 200
      GET /api/profiles/{name}            | 401 | 403 | 404 | 404
      PUT /api/profiles/{name}            | 401 | 403 | 400 | 400
      DELETE /api/profiles/{name}         | 401 | 403 | 404 | 404
      POST /api/jobs/{id}/import          | 401 | 404 | 404 | 409
      GET /api/jobs                       | 401 | 200 | 200 | 200
      POST /api/jobs                      | 401 | 403 | 202 | 202
      POST /api/jobs/{id}/events          | 401 | 404 | 404 | 401
      GET /api/jobs/{id}                  | 401 | 404 | 404 | 200
      DELETE /api/jobs/{id}               | 401 | 404 | 404 | 202
      GET /api/jobs/{id}/events           | 401 | 404 | 404 | 200
      GET /api/upload/sse/{id}            | 401 | 404 | 404 | 200
      GET /sse/stream                     | 401 | 404 | 404 | 200
      GET /api/jobs/{id}/products         | 401 | 404 | 404 | 200
      GET /api/jobs/{id}/rejections       | 401 | 404 | 404 | 200
      GET /api/jobs/{id}/rejections/causes | 401 | 404 | 404 | 200
      POST /api/jobs/{id}/undo            | 401 | 404 | 404 | 409
      GET /api/jobs/{id}/reversed         | 401 | 404 | 404 | 404
      GET /api/jobs/{id}/kept             | 401 | 404 | 404 | 404
      GET /api/jobs/{id}/missing          | 401 | 404 | 404 | 404
      GET /api/jobs/{id}/changes          | 401 | 404 | 404 | 200
      GET /api/streams                    | 401 | 403 | 403 | 403
      POST /api/streams/{name}/events     | 401 | 403 | 403 | 200
      GET /api/streams/{name}             | 401 | 403 | 403 | 200
      GET /api/streams/{name}/events      | 401 | 403 | 403 | 200
      DELETE /api/streams/{name}          | 401 | 403 | 403 | 202
      GET /api/events                     | 401 | 403 | 403 | 200
      GET /api/records/{kind}/{key}/events | 401 | 403 | 403 | 404
      GET /api/emitters                   | 401 | 403 | 403 | 403
      GET /api/emitters/{id}              | 401 | 403 | 404 | 404
      POST /api/emitters/{id}/events      | 401 | 403 | 404 | 404
      DELETE /api/emitters/{id}           | 401 | 403 | 404 | 404
      GET /api/products                   | 401 | 403 | 404 | 404
      GET /api/products/{sku}             | 401 | 403 | 404 | 404
      DELETE /api/products                | 401 | 404 | 403 | 403
      DELETE /api/products/{sku}          | 401 | 404 | 403 | 403
      POST /api/keys                      | 401 | 403 | 403 | 403
      GET /api/keys                       | 401 | 403 | 403 | 403
      DELETE /api/keys/{id}               | 401 | 403 | 403 | 403
      POST /api/webhook-secret            | 401 | 403 | 201 | 201
      GET /api/jobs/{id}/deliveries       | 401 | 404 | 404 | 200
      POST /api/jobs/{id}/deliveries      | 401 | 404 | 404 | 422
      POST /api/tokens                    | 401 | 403 | 403 | 201
      POST /api/session                   | 401 | 201 | 201 | 201
      DELETE /api/session                 | 204 | 204 | 204 | 204
      GET /actuator                       | 200 | 200 | 200 | 200
      GET /actuator/health                | 200 | 200 | 200 | 200
      GET /actuator/health/**             | 200 | 200 | 200 | 200
      GET /actuator/info                  | 200 | 200 | 200 | 200
      GET /actuator/prometheus            | 200 | 200 | 200 | 200
      GET /error                          | 404 | 404 | 404 | 404
      """;

  /** Calls without a credential of this package; the other package checks its own signature. */
  private static final Set<String> PROVED_ELSEWHERE = Set.of("POST /internal/events");

  private static final String OWNER =
      """
      "scopes":["upload","watch","publish","products"],
      "watch":["user-42-*","record:order:*"],"publish":["user-42-*"]\
      """;
  private static final String OTHER =
      """
      "scopes":["upload","watch","publish","products"],
      "watch":["user-43-*"],"publish":["user-43-*"]\
      """;
  private static final String WRONG_SCOPE = "\"scopes\":[\"products:write\"]";

  @Autowired private MappedCalls mappedCalls;
  @Autowired private KnownKeys knownKeys;

  private record Row(String call, List<Integer> expected) {

    String method() {
      return call.substring(0, call.indexOf(' '));
    }

    String path() {
      return call.substring(call.indexOf(' ') + 1);
    }
  }

  @Test
  @Shows("access.table")
  void everyMappedCallHasARowHereAndARule() {
    Set<String> mapped =
        mappedCalls.all().stream()
            .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
            .flatMap(AccessTableTest::calls)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = rows().map(Row::call).collect(Collectors.toCollection(TreeSet::new));
    known.addAll(PROVED_ELSEWHERE);

    assertThat(known).as("rows of this table").containsAll(mapped);
    assertThat(mapped)
        .allSatisfy(
            call ->
                assertThat(
                        AccessRules.match(
                            call.substring(0, call.indexOf(' ')),
                            PathContainer.parsePath(
                                call.substring(call.indexOf(' ') + 1).replace("/**", "/x"))))
                    .as("a rule for " + call)
                    .isPresent());
  }

  @Test
  @Shows("access.table")
  void everyKindOfCallerGetsItsAnswer() throws Exception {
    String owner = key(OWNER);
    String other = key(OTHER);
    String wrongScope = key(WRONG_SCOPE);
    JsonNode revoked = made(OWNER);
    JsonNode expired = made(OWNER);
    call("DELETE", "/api/keys/" + revoked.get("id").asString(), BOOTSTRAP, "");
    database
        .sql("UPDATE access_key SET expires_at = 1 WHERE id = ?")
        .param(expired.get("id").asString())
        .update();
    knownKeys.refresh();
    SoftAssertions all = new SoftAssertions();
    for (Row row : rows().toList()) {
      boolean open = row.expected().getFirst() != 401;
      int nobody = row.expected().getFirst();
      List<String> credentials =
          new ArrayList<>(
              List.of(
                  "",
                  expired.get("key").asString(),
                  revoked.get("key").asString(),
                  wrongScope,
                  other,
                  owner));
      List<Integer> expected =
          List.of(
              nobody,
              open ? nobody : 401,
              open ? nobody : 401,
              row.expected().get(1),
              row.expected().get(2),
              row.expected().get(3));
      for (int i = 0; i < credentials.size(); i++) {
        int status = status(row, credentials.get(i), owner);
        boolean refusedHealth = row.path().startsWith("/actuator") && (i == 1 || i == 2);
        all.assertThat(status)
            .as(
                "%s by %s",
                row.call(),
                List.of("nobody", "expired", "revoked", "wrong scope", "other", "owner").get(i))
            .isEqualTo(refusedHealth ? 401 : expected.get(i));
      }
      // Only the worker of a job may report on it, with a token that neither owner nor admin has.
      if (!row.call().equals("POST /api/jobs/{id}/events")) {
        // Highest status allowed: the jobs of this test have no callback and are no dry runs.
        int most =
            switch (row.call()) {
              case "POST /api/jobs/{id}/deliveries" -> 422;
              case "POST /api/jobs/{id}/import", "POST /api/jobs/{id}/undo" -> 409;
              default -> 404;
            };
        all.assertThat(status(row, BOOTSTRAP, owner))
            .as(row.call() + " by admin")
            .isLessThanOrEqualTo(most);
        all.assertThat(status(row, BOOTSTRAP, owner))
            .as(row.call() + " by admin")
            .isNotIn(401, 403);
      }
    }
    all.assertAll();
  }

  private int status(Row row, String credential, String owner) throws Exception {
    String job =
        row.path().contains("{id}") || row.path().equals("/sse/stream") ? upload(owner) : "";
    String path =
        row.path()
            .replace("{id}", job)
            .replace("{name}", "user-42-table")
            .replace("{sku}", "unknown")
            .replace("{kind}/{key}", "order/1")
            .replace("/**", "/readiness");
    path = path.equals("/sse/stream") ? path + "?transactionId=" + job : path;
    path = path.equals("/api/events") ? path + "?stream=user-42-table" : path;
    path = path.equals("/api/products") ? path + "?sku=unknown" : path;
    String body =
        switch (row.call()) {
          case "POST /api/streams/{name}/events", "POST /api/emitters/{id}/events" ->
              "{\"data\":1}";
          case "POST /api/keys" -> "{\"name\":\"x\",\"scopes\":[\"watch\"]}";
          case "POST /api/jobs" -> "{\"kind\":\"answer\",\"title\":\"x\"}";
          case "POST /api/jobs/{id}/events" -> "{\"event\":\"alive\"}";
          case "POST /api/tokens" -> "{\"watch\":[\"user-42-orders\"]}";
          case "POST /api/upload/csv" -> "sku,name\nA1,Chair\n";
          default -> "";
        };
    HttpRequest.Builder request =
        to(path)
            .header(
                "Content-Type", path.equals("/api/upload/csv") ? "text/csv" : "application/json")
            .method(
                row.method(),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!credential.isEmpty()) {
      request.header("Authorization", "Bearer " + credential);
    }
    // The body of a stream does not end, so only the status and headers are read.
    var answer = http.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream ignored = answer.body()) {
      return answer.statusCode();
    } finally {
      database.sql("DELETE FROM job").update();
      database.sql("DELETE FROM scheduled_tasks").update();
    }
  }

  private static Stream<Row> rows() {
    return TABLE
        .lines()
        .map(line -> line.split(" *\\| *"))
        .map(
            cells ->
                new Row(
                    cells[0].strip(),
                    Stream.of(cells).skip(1).map(String::strip).map(Integer::valueOf).toList()));
  }

  private static Stream<String> calls(RequestMappingInfo info) {
    Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
    Set<String> names =
        methods.isEmpty()
            ? Set.of("GET")
            : methods.stream().map(RequestMethod::name).collect(Collectors.toSet());
    return info.getPatternValues().stream()
        .flatMap(path -> names.stream().map(name -> name + " " + path));
  }
}
