package dev.waybill.upload;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.access.Quotas;
import dev.waybill.csvimport.KeptFile;
import dev.waybill.csvimport.KeptFiles;
import dev.waybill.file.StoredFiles;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** The previews of all callers. Each preview is a row in the database and a stored file. */
@Slf4j
@Component
@RequiredArgsConstructor
class Previews {

  static final Set<String> BESIDE_SETTINGS = Set.of(Settings.PROFILE);

  /**
   * The minimum wait that an answer states. An expired preview is still counted until its file is
   * deleted, which takes some seconds.
   */
  private static final Duration LEAST_WAIT = Duration.ofSeconds(10);

  /** The length of a wait from which an answer states the wait in minutes. */
  private static final Duration LONG_WAIT = Duration.ofMinutes(2);

  private final KeptFiles keptFiles;
  private final StoredFiles files;
  private final Jobs jobs;
  private final Quotas quotas;
  private final FindProfile findProfile;
  private final TransactionOperations transactions;
  private final JsonMapper json;
  private final Clock clock;

  /**
   * @throws Problem 429 {@code quota} if the caller already has the maximum number of previews
   */
  void refuseTooMany(Caller caller) {
    refuseTooMany(keptFiles.previews(caller.id()));
  }

  private void refuseTooMany(KeptFiles.CallersPreviews previews) {
    if (previews.count() >= quotas.previews()) {
      Duration wait = untilOneExpires(previews.firstExpiry());
      throw quotas.refuse(
          "previews",
          quotas.previews(),
          (int) wait.toSeconds(),
          "You have %d previews. Delete one, or wait until the first of them expires in %s."
              .formatted(previews.count(), inWords(wait)));
    }
  }

  /** The time until a preview expires, in whole seconds, rounded up. */
  private Duration untilOneExpires(@Nullable Instant firstExpiry) {
    if (firstExpiry == null) {
      return LEAST_WAIT;
    }
    Duration wait =
        Duration.between(clock.instant(), firstExpiry).plusMillis(999).truncatedTo(SECONDS);
    return wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait;
  }

  private static String inWords(Duration wait) {
    return wait.compareTo(LONG_WAIT) < 0
        ? "%d seconds".formatted(wait.toSeconds())
        : "%d minutes".formatted(wait.plusSeconds(59).toMinutes());
  }

  /**
   * Stores a file that was received completely, and commits the preview together with the
   * idempotency key.
   *
   * @param fingerprint the fingerprint of the request
   * @throws Problem 415 if the file is not text, 400 if the file is empty
   */
  String create(
      ReceivedFile file, Settings settings, Caller caller, String fingerprint, Granted claim)
      throws IOException {
    TextFile text = file.text();
    FileCheck.refuseEmpty(text);
    FileCheck.refuseWithoutText(text);
    String id = jobs.newTransactionId();
    String evidence =
        json.writeValueAsString(
            new FileEvidence(file.sniffer().evidence(), file.size(), file.sha256(), file.sheet()));
    String wanted = json.writeValueAsString(declared(settings, file));
    try {
      file.draft().keepAs(id);
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
    AtomicBoolean mayBeCommitted = new AtomicBoolean();
    try {
      transactions.executeWithoutResult(
          _ -> {
            refuseTooMany(keptFiles.previewsInTransaction(caller.id()));
            keptFiles.insertPreview(
                id,
                caller.id(),
                file.name(),
                file.draft().size(),
                evidence,
                wanted,
                clock.instant());
            claim.answer(new Answered(fingerprint, id, ""));
            mayBeCommitted.set(true);
          });
    } catch (RuntimeException | Error failure) {
      // Deletes the file only if no commit was attempted. A commit that reports a failure may still
      // have succeeded.
      if (!mayBeCommitted.get()) {
        deleteFile(id);
      }
      throw failure;
    }
    return id;
  }

  /**
   * The settings that belong to the file. If no parameter names a charset, adds the charset that
   * the body declares.
   */
  private static Settings declared(Settings settings, ReceivedFile file) {
    Settings ofTheFile = settings.ofTheFile();
    if (file.charset() == null || settings.single("charset") != null) {
      return ofTheFile;
    }
    Map<String, List<String>> values = new LinkedHashMap<>(ofTheFile.values());
    values.put("charset", List.of(file.charset().name()));
    return new Settings(values, ofTheFile.columns(), ofTheFile.inherited(), ofTheFile.numbers());
  }

  /**
   * Returns a preview and extends its lifetime.
   *
   * @throws Problem 404 {@code preview-unknown} or 410 {@code expired}
   */
  KeptFile use(String id, Access access) {
    find(id, access);
    return Objects.requireNonNull(
        transactions.execute(
            _ -> keptFiles.use(id, clock.instant()).orElseThrow(PreviewProblems::expired)));
  }

  /** Finds a preview of this caller. The preview may have expired. */
  KeptFile find(String id, Access access) {
    return Optional.of(id)
        .filter(Previews::isId)
        .flatMap(keptFiles::find)
        .filter(kept -> kept.kind() == KeptFile.Kind.PREVIEW && access.owns(kept.caller()))
        .orElseThrow(PreviewProblems::unknown);
  }

  private static boolean isId(String id) {
    return id.length() <= 64 && id.chars().allMatch(c -> c > ' ' && c < 127);
  }

  /**
   * Changes the settings of a preview.
   *
   * @throws Problem in the same cases as {@link #use}, or 400 {@code parameter}
   */
  KeptFile patch(String id, ReadSettings.Read body, Access access) {
    String profile = body.text(Settings.PROFILE);
    KeptFile found = find(id, access);
    Settings start =
        profile == null ? Settings.NONE : findProfile.named(found.caller(), profile).settings();
    return Objects.requireNonNull(
        transactions.execute(
            _ -> {
              KeptFile kept =
                  keptFiles.use(id, clock.instant()).orElseThrow(PreviewProblems::expired);
              Settings before = json.readValue(kept.settings(), Settings.class);
              Settings after = body.over(before.with(start));
              if (body.others().containsKey(Settings.PROFILE)) {
                after = after.with(Settings.ofProfile(profile));
              }
              UploadParameters.of(after);
              String stored = json.writeValueAsString(after);
              if (stored.equals(kept.settings())) {
                return kept;
              }
              keptFiles.saveSettings(id, stored);
              return kept.withSettings(stored);
            }));
  }

  /**
   * @throws Problem 404 {@code preview-unknown} or 410 {@code expired}
   */
  void delete(String id, Access access) {
    KeptFile kept = find(id, access);
    if (kept.isExpired(clock.instant())) {
      throw PreviewProblems.expired();
    }
    discard(id);
  }

  /** Deletes a preview and its file. */
  void discard(String id) {
    transactions.executeWithoutResult(_ -> keptFiles.deletePreview(id));
    deleteFile(id);
  }

  private void deleteFile(String id) {
    try {
      files.delete(id);
    } catch (IOException e) {
      log.warn("Could not delete the file of a preview. The sweeper deletes it later", e);
    }
  }
}
