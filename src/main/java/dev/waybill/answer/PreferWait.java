package dev.waybill.answer;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Prefer: wait=N} (RFC 7240). */
public final class PreferWait {

  public static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Pattern WAIT =
      Pattern.compile(
          "(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);

  private PreferWait() {}

  /**
   * The time to wait, at most a minute; null if the header is missing or has no valid {@code wait}.
   */
  public static @Nullable Duration parse(@Nullable String prefer) {
    if (prefer == null) {
      return null;
    }
    Matcher matcher = WAIT.matcher(prefer);
    if (!matcher.find()) {
      // Ignores the header, because RFC 7240 requires that a server ignores an unknown preference.
      return null;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
