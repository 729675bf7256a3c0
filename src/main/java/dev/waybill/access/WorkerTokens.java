package dev.waybill.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the job that the token of a worker names. The package that issues these tokens implements
 * this interface. When a report arrives, that package checks whether the token may still report.
 */
public interface WorkerTokens {

  /**
   * The form of a worker's token: a job ID, an attempt number and a signature. A JWT has three
   * parts as well, but no JWT matches this form, because the first part of a JWT never consists of
   * 32 hexadecimal digits.
   */
  Pattern FORM = Pattern.compile("([0-9a-f]{32})\\.(\\d{1,9})\\.([A-Za-z0-9_-]{43})");

  /**
   * The job on which a token reports; empty if the text is not a worker's token. May query the
   * database.
   *
   * @param token the text after {@code Bearer}
   */
  Optional<String> jobOf(String token);
}
