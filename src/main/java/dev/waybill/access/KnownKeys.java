package dev.waybill.access;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The active keys in memory, at most {@link #MOST_KEYS}. No request asks the database for a key, so
 * guessing keys costs it nothing. {@link RefreshAccess} reads them every 2 s, by which a revocation
 * reaches every pod. Thread-safe.
 */
@Component
class KnownKeys {

  /** Keys that may exist at once, without the revoked ones. */
  static final int MOST_KEYS = 1_000;

  /**
   * @param anyKey whether a key was ever made, also one that is revoked now
   */
  private record Snapshot(Map<String, ApiKey> byHash, Map<String, ApiKey> byId, boolean anyKey) {}

  private final KeyStore store;
  private final Clock clock;
  private final Map<String, Instant> unsavedUses = new ConcurrentHashMap<>();

  private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), false);

  KnownKeys(KeyStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Reads all keys, and stores when they were used. */
  synchronized void refresh() {
    List<ApiKey> keys = store.all();
    boolean anyKey = !keys.isEmpty() || store.hasAny();
    snapshot = new Snapshot(by(keys, ApiKey::hash), by(keys, ApiKey::id), anyKey);
    Map<String, Instant> uses = new HashMap<>(unsavedUses);
    if (!uses.isEmpty()) {
      store.used(uses);
      uses.forEach(unsavedUses::remove);
    }
  }

  /** Whether a key was ever made, so that calls need a credential. */
  boolean anyKey() {
    return snapshot.anyKey();
  }

  /** The key with this hash, also one that has expired; empty where it is unknown or revoked. */
  Optional<ApiKey> byHash(String hash) {
    return Optional.ofNullable(snapshot.byHash().get(hash));
  }

  /** The key with this ID, if it is neither revoked nor expired. */
  Optional<ApiKey> active(String id) {
    return Optional.ofNullable(snapshot.byId().get(id))
        .filter(key -> !key.hasExpired(clock.instant()));
  }

  void used(ApiKey key) {
    Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    Instant known = key.lastUsedAt();
    if (known == null || known.isBefore(minute)) {
      unsavedUses.put(key.id(), minute);
    }
  }

  private static Map<String, ApiKey> by(List<ApiKey> keys, Function<ApiKey, String> property) {
    return keys.stream().collect(Collectors.toUnmodifiableMap(property, key -> key));
  }
}
