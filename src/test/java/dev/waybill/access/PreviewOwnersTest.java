package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Previews and profiles belong to the caller that made them. */
class PreviewOwnersTest extends AccessTestBase {

  private static final String UPLOAD = "\"scopes\":[\"upload\"]";

  @Test
  @Shows("preview.owner")
  void whatAnotherCallerMadeIsUnknown() throws Exception {
    String owner = key(UPLOAD);
    String other = key(UPLOAD);
    HttpResponse<String> made =
        send(
            to("/api/upload/csv?preview=true")
                .header("Content-Type", "text/csv")
                .header("Authorization", "Bearer " + owner)
                .POST(BodyPublishers.ofString("sku,name\nA1,Chair\n")));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String path = json.readTree(made.body()).at("/links/self").asString();
    String profile = "{\"previewId\":\"%s\"}".formatted(path.substring(path.lastIndexOf('/') + 1));

    assertThat(problem(get(path, other))).isEqualTo("preview-unknown");
    assertThat(problem(call("PATCH", path, other, "{}"))).isEqualTo("preview-unknown");
    assertThat(problem(call("DELETE", path, other, ""))).isEqualTo("preview-unknown");
    assertThat(problem(call("POST", path + "/import", other, ""))).isEqualTo("preview-unknown");
    assertThat(problem(call("PUT", "/api/profiles/mine", other, profile)))
        .isEqualTo("preview-unknown");
    assertThat(get(path, owner).statusCode()).isEqualTo(200);
    assertThat(get(path, BOOTSTRAP).statusCode()).isEqualTo(200);

    assertThat(call("PUT", "/api/profiles/mine", owner, profile).statusCode()).isEqualTo(201);
    assertThat(problem(get("/api/profiles/mine", other))).isEqualTo("profile-unknown");
    assertThat(get("/api/profiles", other).body()).contains("\"items\":[]");
    assertThat(get("/api/profiles", owner).body()).contains("mine");
    assertThat(call("POST", path + "/import", owner, "").statusCode()).isEqualTo(202);
  }
}
