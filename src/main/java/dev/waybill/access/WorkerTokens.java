package dev.waybill.access;

import java.util.Optional;

/**
 * Recognises the tokens of workers. The package that issues them implements this, and checks a
 * token again where a report arrives: here only the job counts.
 */
public interface WorkerTokens {

  /**
   * The job that a token reports on; empty where the text is no token of a worker. May ask the
   * database.
   *
   * @param token what stands behind {@code Bearer}
   */
  Optional<String> jobOf(String token);
}
