package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnersTest extends AccessTestBase {

  private static final String UPLOAD = "\"scopes\":[\"upload\"]";

  @Test
  @Shows("access.owner")
  void aJobIsItsOwnersAndAdminsAndUnknownToOthers() throws Exception {
    String owner = key(UPLOAD);
    String other = key(UPLOAD);
    String job = upload(owner);

    for (String path : List.of("", "/products", "/rejections")) {
      assertThat(get("/api/jobs/" + job + path, owner).statusCode()).as(path).isEqualTo(200);
      assertThat(get("/api/jobs/" + job + path, BOOTSTRAP).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = get("/api/jobs/" + job + path, other);
      HttpResponse<String> unknown = get("/api/jobs/" + "0".repeat(32) + path, other);
      assertThat(refused.statusCode()).isEqualTo(404);
      // The answer does not show whether the job exists.
      assertThat(refused.body()).isEqualTo(unknown.body());
      assertThat(get("/api/jobs/" + job + path, "").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> repaired =
        send(
            to("/api/upload/csv?parent=" + job)
                .header("Content-Type", "text/csv")
                .header("Authorization", "Bearer " + other)
                .POST(BodyPublishers.ofString("sku,name\nA1,Chair\n")));
    assertThat(repaired.statusCode()).isEqualTo(404);
    assertThat(problem(repaired)).isEqualTo("job-unknown");
    assertThat(call("DELETE", "/api/jobs/" + job, other, "").statusCode()).isEqualTo(404);
    assertThat(call("DELETE", "/api/jobs/" + job, owner, "").statusCode()).isEqualTo(202);
  }

  @Test
  @Shows("access.enumeration")
  void nobodyFindsOutWhichJobsAndStreamsExist() throws Exception {
    String owner = key(UPLOAD);
    String other = key("\"scopes\":[\"upload\",\"watch\"],\"watch\":[\"user-43-*\"]");
    String job = upload(owner);
    String none = "0".repeat(32);

    for (String call :
        List.of(
            "GET /api/jobs/%s",
            "DELETE /api/jobs/%s",
            "GET /api/jobs/%s/events",
            "GET /api/upload/sse/%s",
            "GET /sse/stream?transactionId=%s",
            "GET /api/jobs/%s/products",
            "GET /api/jobs/%s/rejections",
            "GET /api/streams/job:%s",
            "GET /api/streams/job:%s/events",
            "GET /api/events?stream=job:%s",
            "POST /api/jobs/%s/events")) {
      String[] parts = call.split(" ", 2);
      String body = parts[0].equals("POST") ? "{\"event\":\"alive\"}" : "";
      HttpResponse<String> refused = call(parts[0], parts[1].formatted(job), other, body);
      HttpResponse<String> unknown = call(parts[0], parts[1].formatted(none), other, body);
      assertThat(refused.statusCode()).as(call).isEqualTo(404);
      assertThat(unknown.statusCode()).as(call).isEqualTo(404);
      assertThat(refused.body()).as(call).isEqualTo(unknown.body());
      assertThat(refused.headers().map().keySet()).isEqualTo(unknown.headers().map().keySet());
    }
  }

  @Test
  @Shows("access.owner.list")
  void listsShowOnesOwnJobs() throws Exception {
    String owner = key(UPLOAD);
    String other = key(UPLOAD);
    String job = upload(owner);
    String foreign = upload(other);

    assertThat(get("/api/jobs", owner).body()).contains(job).doesNotContain(foreign);
    assertThat(get("/api/jobs", BOOTSTRAP).body()).contains(job, foreign);
  }

  @Test
  @Shows("access.owner.watch")
  void aPatternReadsAJobAndItsStreamButNotItsRows() throws Exception {
    String owner = key(UPLOAD);
    String watcher = key("\"scopes\":[\"watch\"],\"watch\":[\"job:*\"]");
    String job = upload(owner);

    assertThat(get("/api/jobs/" + job, watcher).statusCode()).isEqualTo(200);
    assertThat(call("HEAD", "/api/jobs/" + job + "/events", watcher, "").statusCode())
        .isEqualTo(200);
    assertThat(get("/api/jobs/" + job + "/products", watcher).statusCode()).isEqualTo(404);
    assertThat(call("DELETE", "/api/jobs/" + job, watcher, "").statusCode()).isEqualTo(404);
    // A watch token has no more rights than the key that made it.
    String token = watchToken(watcher, "job:" + job);
    assertThat(get("/api/jobs/" + job + "?access_token=" + token, "").statusCode()).isEqualTo(200);
    assertThat(get("/api/jobs/" + job + "/products?access_token=" + token, "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void anIdempotencyKeyBelongsToItsPrincipal() throws Exception {
    String one = key(UPLOAD);
    String two = key(UPLOAD);

    String first = uploadWithKey(one);
    assertThat(uploadWithKey(one)).isEqualTo(first);
    assertThat(uploadWithKey(two)).isNotEqualTo(first);
  }

  private String uploadWithKey(String credential) throws Exception {
    HttpResponse<String> answer =
        send(
            to("/api/upload/csv")
                .header("Content-Type", "text/csv")
                .header("Idempotency-Key", "the-same")
                .header("Authorization", "Bearer " + credential)
                .POST(BodyPublishers.ofString("sku,name\nA1,Chair\n")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json.readTree(answer.body()).get("transactionId").asString();
  }
}
