package dev.waybill.access;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import lombok.Locked;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps the active keys in memory, at most {@link #MOST_KEYS}. {@link RefreshAccess} reads the keys
 * from the database every 2 s, so a revocation reaches every pod within 2 s. If a key is not in
 * memory, another pod may have just made this key. So this class looks the key up in the database,
 * as often as {@link UnknownKeys} allows. Thread-safe.
 */
@Component
class KnownKeys {

  /** The maximum number of keys at the same time, not counting revoked keys. */
  static final int MOST_KEYS = 1_000;

  /**
   * @param anyKey whether a key was ever made, even if this key is revoked now
   */
  private record Snapshot(Map<String, ApiKey> byHash, Map<String, ApiKey> byId, boolean anyKey) {}

  private final KeyStore store;
  private final Clock clock;
  private final Map<String, Instant> unsavedUses = new ConcurrentHashMap<>();

  /** The database queries in progress, by the hash or ID of the key that they look for. */
  private final Map<String, FutureTask<Optional<ApiKey>>> asking = new ConcurrentHashMap<>();

  private final UnknownKeys unknown = new UnknownKeys(System::nanoTime);

  private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), false);

  KnownKeys(KeyStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Reads all keys from the database, and stores when keys were last used. */
  @Locked
  void refresh() {
    List<ApiKey> keys = store.all();
    hold(keys, !keys.isEmpty() || store.hasAny());
    Map<String, Instant> uses = new HashMap<>(unsavedUses);
    if (!uses.isEmpty()) {
      store.used(uses);
      uses.forEach(unsavedUses::remove);
    }
  }

  /**
   * Adds a key that was just stored. Does not query the database, because the key is already stored
   * and a query might fail.
   */
  @Locked
  void made(ApiKey key) {
    List<ApiKey> keys = new ArrayList<>(snapshot.byId().values());
    keys.removeIf(other -> other.id().equals(key.id()));
    keys.add(key);
    hold(keys, true);
  }

  /** Removes a key that was just revoked. */
  @Locked
  void revoked(String id) {
    hold(
        snapshot.byId().values().stream().filter(key -> !key.id().equals(id)).toList(),
        snapshot.anyKey());
  }

  private void hold(List<ApiKey> keys, boolean anyKey) {
    snapshot = new Snapshot(by(keys, ApiKey::hash), by(keys, ApiKey::id), anyKey);
  }

  /** Whether a key was ever made. If a key was ever made, calls need a credential. */
  boolean anyKey() {
    return snapshot.anyKey();
  }

  /**
   * The key with this hash, even if it has expired; empty if it is unknown or revoked.
   *
   * @param address the address of the client that sent the key
   */
  Optional<ApiKey> byHash(String hash, Caller address) {
    return Optional.ofNullable(snapshot.byHash().get(hash))
        .or(() -> ask(hash, address, () -> snapshot.byHash().get(hash), store::activeByHash));
  }

  /**
   * The key with this ID; empty if it is unknown, revoked or expired. Also finds a key that another
   * pod has just made.
   *
   * @param address the address of the client that sent a token or a session made with this key
   */
  Optional<ApiKey> find(String id, Caller address) {
    return Optional.ofNullable(snapshot.byId().get(id))
        .or(() -> ask(id, address, () -> snapshot.byId().get(id), store::activeById))
        .filter(key -> !key.hasExpired(clock.instant()));
  }

  /**
   * Asks the database for a key. If many requests contain the same unknown key at the same moment,
   * they share one query. Otherwise most of these requests would be refused, because each address
   * may cause only a few queries.
   */
  private Optional<ApiKey> ask(
      String name,
      Caller address,
      Supplier<@Nullable ApiKey> known,
      Function<String, Optional<ApiKey>> question) {
    FutureTask<Optional<ApiKey>> own =
        new FutureTask<>(
            () -> Optional.ofNullable(known.get()).or(() -> ask(name, address, question)));
    FutureTask<Optional<ApiKey>> asked = asking.putIfAbsent(name, own);
    if (asked != null) {
      return answer(asked);
    }
    try {
      own.run();
      return answer(own);
    } finally {
      asking.remove(name);
    }
  }

  private Optional<ApiKey> ask(
      String name, Caller address, Function<String, Optional<ApiKey>> question) {
    if (!unknown.mayAsk(name, address)) {
      return Optional.empty();
    }
    Optional<ApiKey> found = question.apply(name);
    found.ifPresentOrElse(this::made, () -> unknown.remember(name));
    return found;
  }

  private static Optional<ApiKey> answer(FutureTask<Optional<ApiKey>> question) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("A key cannot be read", e.getCause());
    }
  }

  /** The key with this ID, from memory only; empty if it is unknown, revoked or expired. */
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
