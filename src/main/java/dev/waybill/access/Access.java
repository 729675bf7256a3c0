package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The party that makes a request, and what it may do.
 *
 * @param names the streams that a watch token names; empty for every other credential
 * @param origin of a key or a JWT: what a session or a watch token refers to when it is made with
 *     this credential
 */
public record Access(
    Caller caller, Kind kind, Rights rights, Set<String> names, Lifetime lifetime, String origin) {

  /** The kinds of credentials. */
  public enum Kind {
    /** Access is not configured: every caller may do everything. */
    UNRESTRICTED,
    /** No credential. */
    NOBODY,
    /** An API key, given or stored, also by the cookie of a session. */
    KEY,
    /** A JWT, also by the cookie of a session. */
    JWT,
    /** A token that watches what it names. */
    WATCH_TOKEN,
    /** A token that reports on one job; the package that issued it checks it again. */
    WORKER_TOKEN
  }

  private static final String ATTRIBUTE = Access.class.getName();

  /** The access that was decided for a request; unrestricted where nothing decides. */
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

  /** The same by the cookie of a session, with which it ends. */
  Access throughSession(String hash, Credentials credentials) {
    String session = "session:" + hash;
    return new Access(caller, kind, rights, names, () -> credentials.hasEnded(session), session);
  }

  /** Whether lists show the things of every caller. */
  public boolean seesAll() {
    return rights.isAdmin();
  }

  /** The caller whose things alone a list shows; empty where it shows all. */
  public Optional<Caller> listsOnly() {
    return seesAll() ? Optional.empty() : Optional.of(caller);
  }

  /**
   * Whether the caller may address a connection: it may publish to each stream that the connection
   * watches.
   *
   * @param streams their names
   */
  public boolean mayAddress(List<String> streams) {
    return streams.stream().allMatch(rights::mayPublish);
  }

  /** Whether things of this caller belong to the one who asks. */
  public boolean owns(String callerId) {
    return seesAll() || caller.id().equals(callerId);
  }

  /** Whether the credential stands for a party that can own jobs and make tokens. */
  boolean isPrincipal() {
    return kind == Kind.KEY || kind == Kind.JWT || kind == Kind.UNRESTRICTED;
  }
}
