package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.access.Caller;
import dev.waybill.problem.Problem;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds a profile by the name that a caller gives, or the caller's profile for the header of a
 * file.
 */
@Component
@RequiredArgsConstructor
class FindProfile {

  private final SavedProfiles profiles;

  /**
   * Finds the caller's profile with this name.
   *
   * @throws Problem 400 {@code parameter} if the caller has no profile with this name
   */
  SavedProfile named(String callerId, String name) {
    return profiles
        .find(callerId, name)
        .orElseThrow(
            () ->
                Problem.parameter(
                    "profile=%s: you have no profile of this name."
                        .formatted(Settings.shown(name))));
  }

  /**
   * If the sent settings name a profile, adds the settings of this profile. If both contain a
   * setting, the sent setting applies.
   */
  Settings complete(Settings sent, Caller caller) {
    String name = sent.single(Settings.PROFILE);
    return name == null ? sent : named(caller.id(), name).settings().with(sent);
  }

  /**
   * The name of the caller's profile for files with this header; null if there is no such profile.
   */
  @Nullable String forHeader(String callerId, List<String> header) {
    return header.isEmpty() ? null : profiles.forHeader(callerId, fingerprint(header)).orElse(null);
  }

  /** A hash of the header. Two files with the same columns in the same order have the same hash. */
  static String fingerprint(List<String> header) {
    return Sha256.hex(String.join("\u0000", header).getBytes(UTF_8));
  }
}
