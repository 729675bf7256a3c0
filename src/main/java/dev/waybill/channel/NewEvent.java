package dev.waybill.channel;

import dev.waybill.event.EventType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An event that a publisher sent. The event was checked, but has no ID yet.
 *
 * @param data one line of JSON or, with {@code text}, plain text whose lines end in LF
 * @param text whether the data is plain text
 * @param retryMillis the delay after which a client that loses its connection reconnects, 100 to
 *     3,600,000, or null
 * @param messageId the publisher's own ID, or null
 */
record NewEvent(
    EventType type,
    String data,
    boolean text,
    @Nullable Integer retryMillis,
    @Nullable String messageId) {

  /**
   * The number of bytes that an event takes, in memory and in the database, in addition to its
   * data.
   */
  private static final int OVERHEAD_BYTES = 200;

  /** The approximate memory, in bytes, that the event takes while it waits for the commit. */
  long footprint() {
    return OVERHEAD_BYTES + 2L * data.length();
  }

  /**
   * A hash of all parts of the event that must be the same if a publisher uses the message ID
   * again.
   */
  String fingerprint() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (Object part :
          new Object[] {type.name(), type.delivery(), type.key(), text, retryMillis, data}) {
        sha256.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0); // a separator that no part contains
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
