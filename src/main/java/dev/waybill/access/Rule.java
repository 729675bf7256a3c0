package dev.waybill.access;

/** What a call needs. A variable is a part of the path, by its name there. */
sealed interface Rule {

  /** Nothing. */
  record Open() implements Rule {}

  /** Any key or JWT, whatever its scopes. */
  record Principal() implements Rule {}

  record Needs(Scope scope) implements Rule {}

  /** Watching the stream that the path names. */
  record Watch(String variable) implements Rule {}

  /** Watching the record whose kind and key the path names. */
  record WatchRecord() implements Rule {}

  /** Watching every stream that the query names. */
  record WatchAll(String parameter) implements Rule {}

  /** Publishing to the stream that the path names. */
  record Publish(String variable) implements Rule {}

  /** Listing the connections of the stream that the query names; of all streams: {@code admin}. */
  record ListEmitters(String parameter) implements Rule {}

  /** Addressing one connection; the call itself checks the streams that it watches. */
  record AddressEmitter() implements Rule {}

  /** Reading the job that the path names, and watching it. */
  record ReadJob(String variable) implements Rule {}

  /** The same for the job that the query names. */
  record ReadJobOfQuery(String parameter) implements Rule {}

  /** Reading the rows of a job. */
  record ReadRows(String variable) implements Rule {}

  /** Changing a job: its owner and {@code admin} only. */
  record ChangeJob(String variable) implements Rule {}

  /** Reporting on a job: its worker. */
  record Report(String variable) implements Rule {}

  /** Needs nothing. Only the operator sees the details of a health group. */
  record Health() implements Rule {}

  /** Needs nothing from this machine, and {@code admin} from elsewhere. */
  record Operator() implements Rule {}

  /** Whether a browser may give its watch token in the query. */
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
