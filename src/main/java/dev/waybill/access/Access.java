package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The credential of a request, and the calls that this credential allows.
 *
 * @param names the streams that a watch token or a worker's token names; empty for every other
 *     credential
 * @param origin a text that names the credential, see {@link Credentials}. If this credential makes
 *     a session or a watch token, the session or token contains this text
 */
public record Access(
    Caller caller, Kind kind, Rights rights, Set<String> names, Lifetime lifetime, String origin) {

  /** The kinds of credentials. */
  public enum Kind {
    /** Access is not configured: every caller may do everything. */
    UNRESTRICTED,
    /** The request has no credential. */
    NOBODY,
    /** An API key, sent by the client or found by the cookie of a session. */
    KEY,
    /** A JWT, sent by the client or found by the cookie of a session. */
    JWT,
    /** A token that allows watching the streams that it names. */
    WATCH_TOKEN,
    /**
     * A token that allows reporting on one job. The package that issued the token checks the token
     * again.
     */
    WORKER_TOKEN
  }

  private static final String ATTRIBUTE = Access.class.getName();

  /**
   * The access that a filter has decided for a request. The access is unrestricted if no filter has
   * decided, for example while access control is off.
   */
  public static Access of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Access access
        ? access
        : new Access(
            Caller.atAddressOf(request),
            Kind.UNRESTRICTED,
            Rights.ALL,
            Set.of(),
            Lifetime.ENDLESS,
            "");
  }

  static Access nobody(HttpServletRequest request) {
    return new Access(
        Caller.atAddressOf(request), Kind.NOBODY, Rights.NONE, Set.of(), Lifetime.ENDLESS, "");
  }

  void storeIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /**
   * A copy of this access that is granted by the cookie of a session. The copy ends when the
   * session ends.
   */
  Access throughSession(String hash, Credentials credentials) {
    String session = "session:" + hash;
    return new Access(caller, kind, rights, names, () -> credentials.hasEnded(session), session);
  }

  /** Whether a list may show the entries of all callers, not only the entries of this caller. */
  public boolean seesAll() {
    return rights.isAdmin();
  }

  /**
   * The only caller whose entries a list may show; empty if the list may show the entries of all
   * callers.
   */
  public Optional<Caller> listsOnly() {
    return seesAll() ? Optional.empty() : Optional.of(caller);
  }

  /**
   * Whether the caller may send events to one client's connection. The caller must be allowed to
   * publish to each stream that the connection watches.
   *
   * @param streams the names of the streams that the connection watches
   */
  public boolean mayAddress(List<String> streams) {
    return streams.stream().allMatch(rights::mayPublish);
  }

  /**
   * Whether the ID of a job is the only secret that protects the job. This is the case while access
   * control is off. Then a caller that knows the ID of a job may do everything with this job.
   */
  public boolean jobIdsAreSecret() {
    return kind == Kind.UNRESTRICTED;
  }

  /** Whether the name of a stream contains the ID of a job. */
  public static boolean namesJob(String stream) {
    return stream.startsWith(DecideAccess.JOB_PREFIX);
  }

  /** Whether this access owns the jobs and other resources that the given caller has created. */
  public boolean owns(String callerId) {
    return seesAll() || caller.id().equals(callerId);
  }

  /** Whether the credential can own jobs and make tokens. */
  boolean isPrincipal() {
    return kind == Kind.KEY || kind == Kind.JWT || kind == Kind.UNRESTRICTED;
  }
}
