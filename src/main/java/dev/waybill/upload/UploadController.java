package dev.waybill.upload;

import dev.waybill.file.DiskFullException;
import dev.waybill.file.Draft;
import dev.waybill.file.StoredFiles;
import dev.waybill.problem.Problem;
import dev.waybill.upload.IdempotencyKeys.Answered;
import dev.waybill.upload.IdempotencyKeys.Claim;
import dev.waybill.upload.IdempotencyKeys.Granted;
import dev.waybill.upload.IdempotencyKeys.InFlight;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Collections;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/upload/csv}. */
@RestController
@RequiredArgsConstructor
class UploadController {

  private final UploadProperties properties;
  private final StoredFiles files;
  private final IdempotencyKeys keys;
  private final AcceptUpload acceptUpload;

  @PostMapping("/api/upload/csv")
  ResponseEntity<String> upload(HttpServletRequest request) throws IOException {
    UploadForm form =
        UploadForm.of(request.getContentType(), request.getHeader(HttpHeaders.CONTENT_ENCODING));
    UploadParameters parameters = UploadParameters.parse(request.getQueryString());
    try (Claim claim = claim(request)) {
      return switch (claim) {
        case InFlight _ -> throw inFlight();
        case Answered answered -> repeat(answered, request, form, parameters);
        case Granted granted -> accept(granted, request, form, parameters);
      };
    }
  }

  private Claim claim(HttpServletRequest request) {
    return IdempotencyKeyHeader.parse(
            Collections.list(request.getHeaders(IdempotencyKeyHeader.NAME)))
        .map(keys::claim)
        .orElse(IdempotencyKeys.NONE);
  }

  private ResponseEntity<String> accept(
      Granted claim, HttpServletRequest request, UploadForm form, UploadParameters parameters)
      throws IOException {
    try (Draft draft = beginDraft()) {
      ReceivedFile file = receive(draft, request, form, parameters);
      return accepted(acceptUpload.accept(file, parameters, claim));
    }
  }

  private ResponseEntity<String> repeat(
      Answered answered, HttpServletRequest request, UploadForm form, UploadParameters parameters)
      throws IOException {
    try (Draft draft = beginDraft()) {
      ReceivedFile file = receive(draft, request, form, parameters);
      if (!answered.fingerprint().equals(Fingerprint.of(file, parameters))) {
        throw Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "idempotency-mismatch",
            "The Idempotency-Key was used for something else",
            "An upload with this key was accepted before, of another file or with other"
                + " parameters. Use a new key for a new upload.");
      }
      return accepted(answered);
    }
  }

  private ReceivedFile receive(
      Draft draft, HttpServletRequest request, UploadForm form, UploadParameters parameters)
      throws IOException {
    InputStream body = request.getInputStream();
    return new ReceiveFile(draft, properties.maxSize().toBytes(), parameters)
        .receive(form, body, request.getContentLengthLong());
  }

  private Draft beginDraft() {
    try {
      return files.begin();
    } catch (DiskFullException e) {
      throw StorageProblems.diskFull(e);
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
  }

  private static ResponseEntity<String> accepted(Answered answer) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/jobs/" + answer.transactionId()))
        .header(HttpHeaders.RETRY_AFTER, "1")
        .contentType(MediaType.APPLICATION_JSON)
        .body(answer.body());
  }

  static Problem inFlight() {
    return Problem.of(
            HttpStatus.CONFLICT,
            "idempotency-in-flight",
            "The first request with this Idempotency-Key is still open",
            "Wait for its answer, or repeat the request once it has ended.")
        .retryAfterSeconds(1);
  }
}
