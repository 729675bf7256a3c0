package dev.waybill.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises the tokens of workers. The package that issues them implements this, and checks a
 * token again where a report arrives: here only the job counts.
 */
public interface WorkerTokens {

  /**
   * Job, attempt and signature. It has as many parts as a JWT, but no JWT looks like it: a header
   * in JSON never reads as hexadecimal digits.
   */
  Pattern FORM = Pattern.compile("([0-9a-f]{32})\\.(\\d{1,9})\\.([A-Za-z0-9_-]{43})");

  /**
   * The job that a token reports on; empty where the text is no token of a worker. May ask the
   * database.
   *
   * @param token what stands behind {@code Bearer}
   */
  Optional<String> jobOf(String token);
}
