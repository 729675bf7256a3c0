package dev.waybill.access;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Turns keys, watch tokens and sessions into what they may do. A text names the credential behind a
 * session or a token: {@code key:<id>}, {@code bootstrap:<hash>}, {@code jwt:<end in milliseconds>}
 * or {@code session:<hash>}. Thread-safe.
 */
@Component
@RequiredArgsConstructor
class Credentials {

  private static final String KEY = "key:";
  private static final Caller BOOTSTRAP = new Caller("key:bootstrap");

  private final AccessProperties properties;
  private final KnownKeys keys;
  private final WatchTokens watchTokens;
  private final SessionStore sessions;
  private final Clock clock;

  /**
   * @param address of the client
   * @throws RefusedCredential where the key does not count
   */
  Access ofKey(String text, Caller address) {
    if (properties.isBootstrapKey(text)) {
      return bootstrap();
    }
    ApiKey key =
        Optional.of(text)
            .filter(KeyText::isWhole)
            .flatMap(whole -> keys.byHash(KeyText.hash(whole), address))
            .orElseThrow(() -> new RefusedCredential(RefusedCredential.Reason.INVALID));
    if (key.hasExpired(clock.instant())) {
      throw new RefusedCredential(RefusedCredential.Reason.EXPIRED);
    }
    keys.used(key);
    return ofKey(key);
  }

  private Access bootstrap() {
    return principal(BOOTSTRAP, Access.Kind.KEY, Rights.ALL, bootstrapOrigin());
  }

  private Access ofKey(ApiKey key) {
    return principal(key.caller(), Access.Kind.KEY, key.rights(), KEY + key.id());
  }

  /** What a JWT allows whose signature and times are right. */
  Access ofJwt(Caller caller, Rights rights, Instant end) {
    return principal(caller, Access.Kind.JWT, rights, "jwt:" + end.toEpochMilli());
  }

  private Access principal(Caller caller, Access.Kind kind, Rights rights, String origin) {
    return new Access(caller, kind, rights, Set.of(), () -> hasEnded(origin), origin);
  }

  /**
   * @param address by which budgets count watchers: one key may make tokens for many of them
   * @throws RefusedCredential where the token does not count
   */
  Access ofWatchToken(String text, Caller address) {
    WatchTokens.WatchToken token =
        watchTokens
            .verify(text)
            .orElseThrow(() -> new RefusedCredential(RefusedCredential.Reason.INVALID));
    if (watchTokens.hasExpired(token)) {
      throw new RefusedCredential(RefusedCredential.Reason.EXPIRED);
    }
    if (hasEnded(token.origin(), address)) {
      throw new RefusedCredential(RefusedCredential.Reason.INVALID);
    }
    return new Access(
        address,
        Access.Kind.WATCH_TOKEN,
        Rights.NONE,
        token.names(),
        () -> watchTokens.hasExpired(token) || hasEnded(token.origin()),
        token.origin());
  }

  /**
   * What the credential behind a session allows now; empty where one of the two has ended.
   *
   * @param address of the client
   */
  Optional<Access> ofSession(String id, Caller address) {
    String hash = KeyText.hash(id);
    return sessions
        .find(hash)
        .flatMap(
            session -> behind(session, address).map(access -> access.throughSession(hash, this)));
  }

  private Optional<Access> behind(SessionStore.Session session, Caller address) {
    String origin = session.origin();
    if (hasEnded(origin, address)) {
      return Optional.empty();
    }
    if (origin.startsWith(KEY)) {
      return keys.find(origin.substring(KEY.length()), address).map(this::ofKey);
    }
    if (origin.startsWith("bootstrap:")) {
      return Optional.of(bootstrap());
    }
    return Optional.of(
        principal(new Caller(session.caller()), session.kind(), session.rights(), origin));
  }

  /** Whether the credential that a text names has expired, was revoked or was signed out. */
  boolean hasEnded(String origin) {
    return hasEnded(origin, keys::active);
  }

  /** The same for a request that arrives now, perhaps with a key that another pod has just made. */
  private boolean hasEnded(String origin, Caller address) {
    return hasEnded(origin, id -> keys.find(id, address));
  }

  private boolean hasEnded(String origin, Function<String, Optional<ApiKey>> active) {
    String[] parts = origin.split(":", 2);
    if (parts.length < 2) {
      return true;
    }
    return switch (parts[0]) {
      case "key" -> active.apply(parts[1]).isEmpty();
      case "bootstrap" -> !origin.equals(bootstrapOrigin());
      case "jwt" -> clock.millis() >= Long.parseLong(parts[1]);
      case "session" ->
          sessions.find(parts[1]).filter(session -> !hasEnded(session.origin(), active)).isEmpty();
      default -> true;
    };
  }

  /** When the credential that a text names ends by itself; null where it does not. */
  @Nullable Instant endOf(String origin) {
    String[] parts = origin.split(":", 2);
    return switch (parts[0]) {
      case "key" -> keys.active(parts[1]).map(ApiKey::expiresAt).orElse(null);
      case "jwt" -> Instant.ofEpochMilli(Long.parseLong(parts[1]));
      case "session" ->
          sessions.find(parts[1]).map(SessionStore.Session::expiresAt).orElse(Instant.EPOCH);
      default -> null;
    };
  }

  private String bootstrapOrigin() {
    String key = properties.bootstrapKey();
    return key == null ? "" : "bootstrap:" + KeyText.hash(key);
  }
}
