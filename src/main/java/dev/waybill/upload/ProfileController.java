package dev.waybill.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.Page;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Manages the profiles of a caller. A profile consists of settings that are stored under a name.
 */
@RestController
@RequestMapping("/api/profiles")
@RequiredArgsConstructor
class ProfileController {

  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/\\\\]{1,64}");

  private final SavedProfiles profiles;
  private final SaveProfile saveProfile;
  private final ReadSettings readSettings;
  private final AnswerJson answer;

  /**
   * A profile in the form in which its caller sees it.
   *
   * @param settings the settings, by parameter
   * @param mapping the use of each column; the column is identified by its header or its number
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(
      String name,
      Map<String, String> settings,
      List<Mapped> mapping,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String fingerprint,
      Instant createdAt,
      Instant updatedAt) {

    /** The use of one column; the column is identified by its number or its header. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Mapped(
        @Nullable Integer column,
        @Nullable String header,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String field) {}

    static View of(SavedProfile profile) {
      Map<String, String> settings = new TreeMap<>();
      profile
          .settings()
          .values()
          .forEach(
              (name, values) -> {
                if (!name.equals(Settings.MAP) && !values.isEmpty()) {
                  settings.put(name, values.getFirst());
                }
              });
      List<Mapped> mapping = new ArrayList<>();
      for (String pair : profile.settings().all(Settings.MAP)) {
        int colon = pair.lastIndexOf(':');
        mapping.add(new Mapped(null, pair.substring(0, colon), field(pair.substring(colon + 1))));
      }
      profile
          .settings()
          .inherited()
          .forEach((header, use) -> mapping.add(new Mapped(null, header, field(use))));
      profile
          .settings()
          .columns()
          .forEach((column, use) -> mapping.add(new Mapped(column, null, field(use))));
      return new View(
          profile.name(),
          settings,
          mapping,
          profile.fingerprint(),
          profile.createdAt(),
          profile.updatedAt());
    }

    private static @Nullable String field(String use) {
      return use.isEmpty() ? null : use;
    }
  }

  @GetMapping
  void list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    int size = Page.limit(limit);
    String caller = Caller.of(request).id();
    String first = after == null ? "" : after;
    AnswerJson.Items<SavedProfile> items =
        (last, most) -> profiles.after(caller, last == null ? first : last.name(), most);
    answer.page(request, response, size, items, SavedProfile::name, View::of, Map.of());
  }

  @GetMapping("/{name}")
  View get(@PathVariable String name, HttpServletRequest request) {
    return profiles
        .find(Caller.of(request).id(), name)
        .map(View::of)
        .orElseThrow(ProfileController::unknown);
  }

  @PutMapping("/{name}")
  ResponseEntity<View> put(@PathVariable String name, HttpServletRequest request)
      throws IOException {
    if (!NAME.matcher(name).matches() || name.isBlank()) {
      throw Problem.parameter(
          "A profile has a name of 1 to 64 characters without slashes and control characters.");
    }
    ReadSettings.Read body = readSettings.read(request, SaveProfile.BESIDE_SETTINGS);
    SaveProfile.Saved saved = saveProfile.save(name, body, Access.of(request));
    return ResponseEntity.status(saved.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(View.of(saved.profile()));
  }

  @DeleteMapping("/{name}")
  ResponseEntity<Void> delete(@PathVariable String name, HttpServletRequest request) {
    if (!saveProfile.delete(name, Caller.of(request))) {
      throw unknown();
    }
    return ResponseEntity.noContent().build();
  }

  private static Problem unknown() {
    return Problem.of(
        HttpStatus.NOT_FOUND,
        "profile-unknown",
        "No such profile",
        "You have no profile of this name.");
  }
}
