package dev.waybill.access;

import dev.waybill.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes an API key for an HTTP call or for the command {@code key}. */
@Component
@RequiredArgsConstructor
class MakeKey {

  static final int LONGEST_NAME = 100;

  private static final int ID_BYTES = 8;
  private static final int RETRY_SECONDS = 60;

  private final KeyStore store;
  private final Clock clock;

  /** The properties of the key that a caller wants. These properties are not checked yet. */
  record Wish(
      String name,
      List<String> scopes,
      List<String> watch,
      List<String> publish,
      @Nullable String expiresAt) {}

  /**
   * A new key.
   *
   * @param text the text of the key, which is never stored
   */
  record Made(ApiKey key, String text) {}

  /**
   * @param by the ID of the caller that makes the key
   * @throws Problem 400 if the properties of the wanted key are not valid, 429 if there are too
   *     many keys
   */
  Made make(Wish wish, String by) {
    String name = wish.name().strip();
    if (name.isEmpty()
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Problem.parameter("name has 1 to %d characters.".formatted(LONGEST_NAME));
    }
    String text = KeyText.random();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ApiKey key =
        new ApiKey(
            KeyText.randomHex(ID_BYTES),
            KeyText.hash(text),
            name,
            rights(wish),
            now,
            by,
            expiry(wish.expiresAt(), now),
            null);
    if (!store.insert(key, KnownKeys.MOST_KEYS)) {
      throw Problem.of(
              HttpStatus.TOO_MANY_REQUESTS,
              "quota",
              "A limit per caller is reached",
              "There are %d keys already. Revoke one first.".formatted(KnownKeys.MOST_KEYS))
          .retryAfterSeconds(RETRY_SECONDS);
    }
    return new Made(key, text);
  }

  private static Rights rights(Wish wish) {
    Set<Scope> scopes =
        Set.copyOf(parsed("scopes", wish.scopes(), Scope::parse, "one of " + allScopes()));
    if (scopes.isEmpty()) {
      throw Problem.parameter("scopes needs at least one of " + allScopes());
    }
    String form = "a stream's name, or its start with * after : - or . at the end";
    return new Rights(
        scopes,
        parsed("watch", wish.watch(), NamePattern::parse, form),
        parsed("publish", wish.publish(), NamePattern::parse, form));
  }

  private static <T> List<T> parsed(
      String property, List<String> texts, Function<String, Optional<T>> parse, String form) {
    return texts.stream()
        .map(
            text ->
                parse
                    .apply(text)
                    .orElseThrow(
                        () ->
                            Problem.parameter(
                                "Each value in %s must be %s.".formatted(property, form))))
        .toList();
  }

  private static String allScopes() {
    return EnumSet.allOf(Scope.class).stream().map(Scope::text).collect(Collectors.joining(", "));
  }

  private static @Nullable Instant expiry(@Nullable String text, Instant now) {
    if (text == null) {
      return null;
    }
    try {
      Instant at = OffsetDateTime.parse(text).toInstant();
      if (at.isAfter(now)) {
        return at.truncatedTo(ChronoUnit.MILLIS);
      }
    } catch (DateTimeParseException e) {
      // Ignores this exception. The problem that is thrown after this block reports texts that are
      // not a time, and also times in the past.
    }
    throw Problem.parameter("expiresAt is a time in the future, such as 2030-01-31T12:00:00Z.");
  }
}
