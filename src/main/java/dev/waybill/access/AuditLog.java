package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import lombok.Locked;
import lombok.RequiredArgsConstructor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes one line of JSON to the logger {@code waybill.audit} for each key that is made or revoked,
 * and for each call of an administrator. Also writes a line for each refused credential, up to a
 * limit. A line contains no secret, and no path that a client sent. Thread-safe.
 */
@Component
@RequiredArgsConstructor
class AuditLog {

  /**
   * The maximum number of log lines in a minute about refused credentials of one address. {@code
   * MOST} is the limit for all addresses together.
   */
  private static final int MOST_OF_AN_ADDRESS = 10;

  private static final int MOST = 200;
  private static final long MINUTE = 60_000;
  private static final int LONGEST_NAME = 100;

  private static final Logger AUDIT = LoggerFactory.getLogger("waybill.audit");

  private final JsonMapper json;
  private final Clock clock;

  // Guarded by @Locked.
  private final Map<Caller, Integer> refusedOf = new HashMap<>();
  private int logged;
  private int suppressed;
  private long minuteStart;

  void keyMade(Access by, String address, ApiKey key) {
    write("key-made", by.caller().id(), address, "POST /api/keys", "made", key.id(), key.name());
  }

  void keyRevoked(Access by, String address, String keyId) {
    write("key-revoked", by.caller().id(), address, "DELETE /api/keys/{id}", "revoked", keyId, "");
  }

  /** Logs that the command {@code key} has made or revoked a key. */
  void byCommand(String event, String outcome, String keyId, String name) {
    write(event, "command", "", "key", outcome, keyId, name);
  }

  void admin(HttpServletRequest request, Access access) {
    write(
        "admin",
        access.caller().id(),
        request.getRemoteAddr(),
        AccessRules.name(request),
        "granted",
        "",
        "");
  }

  /**
   * @param reason the reason of the refusal; always a constant in the code
   */
  void refused(HttpServletRequest request, Access access, String reason) {
    if (mayLogRefusal(Caller.atAddressOf(request))) {
      write(
          "refused",
          access.caller().id(),
          request.getRemoteAddr(),
          AccessRules.name(request),
          reason,
          "",
          "");
    }
  }

  @Locked
  private boolean mayLogRefusal(Caller address) {
    long now = clock.millis();
    if (now - minuteStart >= MINUTE || now < minuteStart) {
      if (suppressed > 0) {
        AUDIT.info(
            "{}", json.writeValueAsString(Map.of("event", "refused-more", "count", suppressed)));
      }
      minuteStart = now;
      logged = 0;
      suppressed = 0;
      refusedOf.clear();
    }
    // Lines that are not logged do not count against the limits. Otherwise one address could use up
    // the limit of all addresses, and refusals of other addresses would not be logged.
    int ofAddress = refusedOf.getOrDefault(address, 0);
    if (logged >= MOST || ofAddress >= MOST_OF_AN_ADDRESS) {
      suppressed++;
      return false;
    }
    refusedOf.put(address, ofAddress + 1);
    logged++;
    return true;
  }

  private void write(
      String event,
      String principal,
      String address,
      String call,
      String outcome,
      String keyId,
      String keyName) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", clock.instant().toString());
    line.put("event", event);
    line.put("principal", principal);
    line.put("address", address);
    line.put("call", call);
    line.put("outcome", outcome);
    if (!keyId.isEmpty()) {
      line.put("keyId", keyId);
    }
    if (!keyName.isEmpty()) {
      line.put("keyName", keyName.substring(0, Math.min(LONGEST_NAME, keyName.length())));
    }
    AUDIT.info("{}", json.writeValueAsString(line));
  }
}
