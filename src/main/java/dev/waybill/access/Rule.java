package dev.waybill.access;

/**
 * The condition under which a call is allowed. Some rules have a variable, which is the name of a
 * part of the path.
 */
sealed interface Rule {

  /** The call needs no credential, so every caller may make it. */
  record Open() implements Rule {}

  /** The call needs a key or a JWT with any scopes. */
  record Principal() implements Rule {}

  record Needs(Scope scope) implements Rule {}

  /** The caller must be allowed to watch the stream that the path names. */
  record Watch(String variable) implements Rule {}

  /** The caller must be allowed to watch the record whose kind and key the path names. */
  record WatchRecord() implements Rule {}

  /** The caller must be allowed to watch every stream that the query names. */
  record WatchAll(String parameter) implements Rule {}

  /** The caller must be allowed to publish to the stream that the path names. */
  record Publish(String variable) implements Rule {}

  /**
   * Lists the connections of the streams that the query names. The caller must be allowed to
   * publish to these streams. If the query names no stream, the caller needs the scope {@code
   * admin}.
   */
  record ListEmitters(String parameter) implements Rule {}

  /**
   * Reads or closes one connection, or sends an event to it. The controller itself checks the
   * streams that the connection watches.
   */
  record AddressEmitter() implements Rule {}

  /** The caller must be allowed to read and watch the job that the path names. */
  record ReadJob(String variable) implements Rule {}

  /** The caller must be allowed to read and watch the job that the query names. */
  record ReadJobOfQuery(String parameter) implements Rule {}

  /** The caller must be allowed to read the rows of the job that the path names. */
  record ReadRows(String variable) implements Rule {}

  /**
   * Changes a job. Only the job's owner and callers with the scope {@code admin} may change a job.
   */
  record ChangeJob(String variable) implements Rule {}

  /**
   * Reports on a job. The job's worker, the job's owner and callers with the scope {@code admin}
   * pass this rule. The controller then checks the worker's token.
   */
  record Report(String variable) implements Rule {}

  /** The call needs no credential. Only the operator sees the details of a health group. */
  record Health() implements Rule {}

  /**
   * A request from this machine needs no credential. Any other request needs the scope {@code
   * admin}.
   */
  record Operator() implements Rule {}

  /** Whether a browser may send its watch token as a query parameter of this call. */
  default boolean takesTokenInQuery() {
    return switch (this) {
      case Watch _, WatchRecord _, WatchAll _, ReadJob _, ReadJobOfQuery _, ReadRows _ -> true;
      case Open _,
          Principal _,
          Needs _,
          Publish _,
          ListEmitters _,
          AddressEmitter _,
          ChangeJob _,
          Health _,
          Report _,
          Operator _ ->
          false;
    };
  }
}
