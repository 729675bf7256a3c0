package dev.waybill.upload;

import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.access.Quotas;
import dev.waybill.csvimport.KeptFile;
import dev.waybill.problem.Problem;
import dev.waybill.product.Field;
import dev.waybill.product.NumberFormat;
import dev.waybill.product.NumberFormat.Decimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Saves settings as a profile: the settings of a preview, the settings in the body, or both
 * together.
 */
@Component
@RequiredArgsConstructor
class SaveProfile {

  /**
   * The properties of the body that are not settings. These properties are the ID of the preview
   * whose settings are saved, and the header of the files for which the profile is used.
   */
  static final Set<String> BESIDE_SETTINGS = Set.of("previewId", "header");

  private static final int RETRY_SECONDS = 3600;

  private static final Set<Decimal> DECIDED = Set.of(Decimal.POINT, Decimal.COMMA);

  private final SavedProfiles profiles;
  private final Previews previews;
  private final Quotas quotas;
  private final ReadPreview readPreview;
  private final TransactionOperations transactions;
  private final JsonMapper json;
  private final Clock clock;

  /** The stored profile. Also states whether the profile was created (true) or replaced (false). */
  record Saved(SavedProfile profile, boolean created) {}

  /**
   * Saves a profile.
   *
   * @throws Problem 400 {@code parameter}, 404 or 410 for the preview, 429 {@code quota}
   */
  Saved save(String name, ReadSettings.Read body, Access access) {
    String previewId = body.text("previewId");
    Settings settings = Settings.NONE;
    List<String> header = header(body.others().get("header"));
    if (previewId != null) {
      KeptFile kept = previews.use(previewId, access);
      settings = json.readValue(kept.settings(), Settings.class);
      List<String> found = readPreview.header(kept, settings);
      settings = byName(settings, found);
      header = header.isEmpty() ? found : header;
    }
    Settings whole = body.over(settings).with(Settings.WITHOUT_ORIGIN);
    UploadParameters.of(whole);
    @Nullable String fingerprint = header.isEmpty() ? null : FindProfile.fingerprint(header);
    String caller = access.caller().id();
    return Objects.requireNonNull(
        transactions.execute(
            _ -> {
              Optional<SavedProfile> before = profiles.findInTransaction(caller, name);
              if (before.isEmpty() && profiles.countInTransaction(caller) >= quotas.profiles()) {
                throw quotas.refuse(
                    "profiles",
                    quotas.profiles(),
                    RETRY_SECONDS,
                    "You have %d profiles. Delete one first.".formatted(quotas.profiles()));
              }
              Instant now = clock.instant();
              SavedProfile profile =
                  new SavedProfile(
                      name,
                      whole,
                      fingerprint,
                      before.map(SavedProfile::createdAt).orElse(now),
                      now);
              profiles.put(caller, profile);
              return new Saved(profile, before.isEmpty());
            }));
  }

  boolean delete(String name, Caller caller) {
    return Boolean.TRUE.equals(transactions.execute(_ -> profiles.delete(caller.id(), name)));
  }

  /**
   * Replaces column numbers by column names, so that the profile also fits files with the same
   * columns in another order. Keeps the inherited uses of columns that the caller has not changed.
   */
  private static Settings byName(Settings settings, List<String> header) {
    Map<String, List<String>> values = new TreeMap<>(settings.values());
    List<String> pairs = new ArrayList<>(settings.all(Settings.MAP));
    settings
        .columns()
        .forEach(
            (column, use) -> {
              if (column <= header.size()) {
                pairs.add(header.get(column - 1) + ":" + use);
              }
            });
    if (!pairs.isEmpty()) {
      values.put(Settings.MAP, pairs);
    }
    Map<String, String> inherited = new TreeMap<>(settings.inherited());
    Settings.byName(pairs)
        .forEach(
            (name, use) -> {
              inherited.remove(name);
              inherited.values().removeIf(other -> isField(use) && other.equals(use));
            });
    // Does not save an undecided number format. If it were saved, Waybill would not detect the
    // number format of later files.
    Map<Field, NumberFormat> decided = new EnumMap<>(Field.class);
    decided.putAll(settings.numbers());
    decided.values().removeIf(format -> !DECIDED.contains(format.decimal()));
    return new Settings(values, Map.of(), inherited, decided);
  }

  private static boolean isField(String use) {
    return Field.named(use).isPresent();
  }

  private static List<String> header(@Nullable JsonNode header) {
    if (header == null || header.isNull()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : header) {
      if (name.isString()) {
        names.add(name.asString());
      }
    }
    if (!header.isArray()
        || names.size() != header.size()
        || names.size() > FileCheck.MOST_COLUMNS) {
      throw Problem.parameter(
          "header must be a list of at most %d texts.".formatted(FileCheck.MOST_COLUMNS));
    }
    return names;
  }
}
