package dev.waybill.upload;

import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.file.DiskFullException;
import dev.waybill.file.Draft;
import dev.waybill.file.StoredFiles;
import dev.waybill.idempotency.IdempotencyKeyHeader;
import dev.waybill.idempotency.IdempotencyKeys;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Claim;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.idempotency.IdempotencyKeys.InFlight;
import dev.waybill.job.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Collections;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers {@code POST /api/upload/csv}. */
@Slf4j
@RestController
@RequiredArgsConstructor
class UploadController {

  private final UploadProperties properties;
  private final OpenUploads openUploads;
  private final StoredBytes storedBytes;
  private final StoredFiles files;
  private final IdempotencyKeys keys;
  private final AcceptUpload acceptUpload;
  private final UnpackFile unpackFile;
  private final Jobs jobs;
  private final Previews previews;
  private final ShowPreview showPreview;
  private final FindProfile findProfile;
  private final InheritSettings inheritSettings;

  @PostMapping("/api/upload/csv")
  @Nullable ResponseEntity<String> upload(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    UploadForm form =
        UploadForm.of(request.getContentType(), request.getHeader(HttpHeaders.CONTENT_ENCODING));
    Settings sent = Settings.ofQuery(request.getQueryString());
    UploadParameters parameters = UploadParameters.of(sent);
    Optional<String> key =
        IdempotencyKeyHeader.parse(Collections.list(request.getHeaders(IdempotencyKeyHeader.NAME)));
    Caller caller = Caller.of(request);
    try (OpenUploads.Place _ = openUploads.enter(caller);
        Claim claim = key.map(k -> keys.claim(caller, k)).orElse(IdempotencyKeys.NONE)) {
      return switch (claim) {
        case InFlight _ -> throw IdempotencyKeys.inFlight();
        case Answered answered -> {
          refuseAnother(answered, caller, request, form, parameters);
          if (parameters.preview()) {
            showPreview.show(answered.transactionId(), request, response);
            yield null;
          }
          yield accepted(answered);
        }
        case Granted granted -> {
          Settings settings =
              findProfile.complete(inheritSettings.complete(sent, Access.of(request)), caller);
          if (parameters.preview()) {
            String id = preview(granted, caller, request, form, parameters, settings);
            showPreview.created(id, request, response);
            yield null;
          }
          yield accept(granted, caller, request, form, parameters, settings);
        }
      };
    }
  }

  private ResponseEntity<String> accept(
      Granted claim,
      Caller caller,
      HttpServletRequest request,
      UploadForm form,
      UploadParameters sent,
      Settings settings)
      throws IOException {
    UploadParameters parameters = UploadParameters.of(settings);
    jobs.checkCallback(parameters.callbackUrl(), caller);
    try (StoredBytes.Counted counted = storedBytes.start(caller);
        OpenDraft open = new OpenDraft(beginDraft())) {
      ReceivedFile file = receive(open.draft(), counted, request, form, parameters);
      String fingerprint = Fingerprint.of(file, sent);
      return accepted(
          acceptUpload.accept(file, parameters, fingerprint, caller, claim, counted::add));
    }
  }

  private String preview(
      Granted claim,
      Caller caller,
      HttpServletRequest request,
      UploadForm form,
      UploadParameters sent,
      Settings settings)
      throws IOException {
    UploadParameters parameters = UploadParameters.of(settings);
    previews.refuseTooMany(caller);
    try (StoredBytes.Counted counted = storedBytes.start(caller);
        OpenDraft open = new OpenDraft(beginDraft())) {
      ReceivedFile file = receive(open.draft(), counted, request, form, parameters);
      String fingerprint = Fingerprint.of(file, sent);
      try (UnpackFile.Unpacked unpacked =
          unpackFile.unpack(file, parameters.sheet(), counted::add)) {
        return previews.create(unpacked.file(), settings, caller, fingerprint, claim);
      }
    }
  }

  private void refuseAnother(
      Answered answered,
      Caller caller,
      HttpServletRequest request,
      UploadForm form,
      UploadParameters parameters)
      throws IOException {
    try (StoredBytes.Counted counted = storedBytes.start(caller);
        OpenDraft open = new OpenDraft(beginDraft())) {
      ReceivedFile file = receive(open.draft(), counted, request, form, parameters);
      if (!answered.fingerprint().equals(Fingerprint.of(file, parameters))) {
        throw IdempotencyKeys.mismatch(
            "An upload with this key was accepted before, of another file or with other"
                + " parameters. Use a new key for a new upload.");
      }
    }
  }

  private ReceivedFile receive(
      Draft draft,
      StoredBytes.Counted counted,
      HttpServletRequest request,
      UploadForm form,
      UploadParameters parameters)
      throws IOException {
    InputStream body = request.getInputStream();
    return new ReceiveFile(draft, ReceiveFile.Rules.of(properties), counted::add, parameters)
        .receive(form, body, request.getContentLengthLong());
  }

  /**
   * Closes a draft at the end of a request. A failure to close the draft does not fail the request,
   * because the answer is already decided.
   */
  private record OpenDraft(Draft draft) implements AutoCloseable {

    @Override
    public void close() {
      try {
        draft.close();
      } catch (IOException e) {
        log.warn("Could not delete a draft. The sweeper deletes it later: {}", e.toString());
      }
    }
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
}
