package dev.waybill.upload;

import dev.waybill.access.Access;
import dev.waybill.csvimport.KeptFile;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows previews and changes their settings. Also starts the import of a file that was uploaded for
 * a preview or for a dry run.
 */
@RestController
@RequiredArgsConstructor
class PreviewController {

  private static final String CALLBACK = "callbackUrl";

  private final Previews previews;
  private final ShowPreview showPreview;
  private final ReadSettings readSettings;
  private final ImportKeptFile importKeptFile;

  @GetMapping("/api/previews/{id}")
  void get(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    showPreview.show(previews.use(id, Access.of(request)), request, response);
  }

  @PatchMapping("/api/previews/{id}")
  void patch(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ReadSettings.Read body = readSettings.read(request, Previews.BESIDE_SETTINGS);
    showPreview.show(previews.patch(id, body, Access.of(request)), request, response);
  }

  @DeleteMapping("/api/previews/{id}")
  ResponseEntity<Void> delete(@PathVariable String id, HttpServletRequest request) {
    previews.delete(id, Access.of(request));
    return ResponseEntity.noContent().build();
  }

  @PostMapping("/api/previews/{id}/import")
  ResponseEntity<String> importPreview(@PathVariable String id, HttpServletRequest request)
      throws IOException {
    Settings query = Settings.ofQuery(request.getQueryString());
    boolean dryRun = UploadParameters.bool(query, "dryRun");
    return accepted(
        importKeptFile.ofPreview(id, dryRun, query.single(CALLBACK), Access.of(request)));
  }

  @PostMapping("/api/jobs/{id}/import")
  ResponseEntity<String> importDryRun(@PathVariable String id, HttpServletRequest request)
      throws IOException {
    Settings query = Settings.ofQuery(request.getQueryString());
    return accepted(importKeptFile.ofDryRun(id, query.single(CALLBACK), Access.of(request)));
  }

  private static ResponseEntity<String> accepted(KeptFile.Used used) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/jobs/" + used.jobId()))
        .header(HttpHeaders.RETRY_AFTER, "1")
        .contentType(MediaType.APPLICATION_JSON)
        .body(used.answer());
  }
}
