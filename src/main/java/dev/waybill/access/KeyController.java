package dev.waybill.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Makes, lists and revokes API keys. */
@RestController
@RequestMapping("/api/keys")
@RequiredArgsConstructor
class KeyController {

  private static final Set<String> PROPERTIES =
      Set.of("name", "scopes", "watch", "publish", "expiresAt");
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 200;

  private final MakeKey makeKey;
  private final KeyStore store;
  private final KnownKeys keys;
  private final AuditLog audit;
  private final JsonMapper json;
  private final Clock clock;

  /**
   * A key in the form in which callers of the API see it.
   *
   * @param key the text of the key; only the answer to the request that makes the key contains it
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record KeyView(
      String id,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,
      String name,
      List<String> scopes,
      List<String> watch,
      List<String> publish,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt) {

    static KeyView of(ApiKey key, @Nullable String text) {
      return new KeyView(
          key.id(),
          text,
          key.name(),
          key.rights().scopeTexts(),
          key.rights().watchTexts(),
          key.rights().publishTexts(),
          key.createdAt(),
          key.expiresAt(),
          key.lastUsedAt());
    }
  }

  /** One page of the list of keys, sorted by name. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Keys(List<KeyView> items, @Nullable String next) {}

  @PostMapping
  ResponseEntity<KeyView> make(HttpServletRequest request) throws IOException {
    JsonBody body = JsonBody.of(request, json, PROPERTIES);
    MakeKey.Wish wish =
        new MakeKey.Wish(
            body.text("name").orElseThrow(() -> Problem.parameter("name is missing.")),
            body.texts("scopes"),
            body.texts("watch"),
            body.texts("publish"),
            body.text("expiresAt").orElse(null));
    Access access = Access.of(request);
    MakeKey.Made made = makeKey.make(wish, access.caller().id());
    audit.keyMade(access, request.getRemoteAddr(), made.key());
    keys.made(made.key());
    return ResponseEntity.created(URI.create("/api/keys/" + made.key().id()))
        .cacheControl(CacheControl.noStore())
        .body(KeyView.of(made.key(), made.text()));
  }

  @GetMapping
  Keys list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    int size = limit(limit);
    List<ApiKey> all = store.all();
    int start = after == null ? 0 : position(all, after) + 1;
    List<ApiKey> page = all.subList(start, Math.min(all.size(), start + size));
    return new Keys(
        page.stream().map(key -> KeyView.of(key, null)).toList(),
        start + size < all.size() ? page.getLast().id() : null);
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> revoke(@PathVariable String id, HttpServletRequest request) {
    if (!store.revoke(id, clock.instant())) {
      throw Problem.of(
          HttpStatus.NOT_FOUND, "key-unknown", "No such key", "No active key has this ID.");
    }
    keys.revoked(id);
    audit.keyRevoked(Access.of(request), request.getRemoteAddr(), id);
    return ResponseEntity.noContent().build();
  }

  private static int position(List<ApiKey> keys, String id) {
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).id().equals(id)) {
        return i;
      }
    }
    throw Problem.parameter("after is the cursor of an earlier page.");
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
      throw Problem.parameter("limit must be 1 to %d.".formatted(MOST));
    }
    return Integer.parseInt(text);
  }
}
