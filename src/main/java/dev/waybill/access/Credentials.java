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
 * Determines the access that keys, watch tokens and sessions grant. A text, called the origin,
 * names the credential that has made a session or a token: {@code key:<id>}, {@code
 * bootstrap:<hash>}, {@code jwt:<end in milliseconds>} or {@code session:<hash>}. Thread-safe.
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
   * @param address the address of the client
   * @throws RefusedCredential if the key is not valid
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

  /**
   * The access that a JWT grants. The caller of this method has already verified the signature and
   * the times of the JWT.
   */
  Access ofJwt(Caller caller, Rights rights, Instant end) {
    return principal(caller, Access.Kind.JWT, rights, "jwt:" + end.toEpochMilli());
  }

  private Access principal(Caller caller, Access.Kind kind, Rights rights, String origin) {
    return new Access(caller, kind, rights, Set.of(), () -> hasEnded(origin), origin);
  }

  /**
   * @param address the address of the watching client. Budgets count the client by this address,
   *     because one key may make tokens for many clients
   * @throws RefusedCredential if the token is not valid
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
   * The access that the credential behind a session grants now; empty if the session or the
   * credential has ended.
   *
   * @param address the address of the client
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

  /** Whether a credential, named by its origin, has expired, was revoked or was signed out. */
  boolean hasEnded(String origin) {
    return hasEnded(origin, keys::active);
  }

  /**
   * Whether a credential, named by its origin, has ended. Used for a request that arrives now. The
   * key may be unknown on this pod, because another pod has just made the key.
   */
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

  /** The time at which a credential, named by its origin, expires; null if it does not expire. */
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
