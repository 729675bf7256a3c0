package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Decides whether a request may reach its controller. No other class decides this. */
@Component
@RequiredArgsConstructor
class DecideAccess implements AuthorizationManager<HttpServletRequest> {

  static final String JOB_PREFIX = "job:";

  /**
   * The suffix of a job's name in a watch token. A token that names a job with this suffix also
   * allows reading the job's rows. No name of a stream contains this character.
   */
  static final String WITH_ROWS = "+";

  private static final AuthorizationDecision GRANTED = new AuthorizationDecision(true);

  private final AccessProperties properties;
  private final MappedCalls calls;
  private final ObjectProvider<JobOwners> owners;

  @Override
  public AuthorizationResult authorize(
      Supplier<? extends @Nullable Authentication> authentication, HttpServletRequest request) {
    Access access =
        authentication.get() instanceof AccessAuthentication known
            ? known.access()
            : Access.nobody(request);
    access.storeIn(request);
    try {
      return decide(access, request);
    } catch (DataAccessException | TransactionException e) {
      throw new AuthenticationServiceException("The owner of a job is not known", e);
    }
  }

  private AuthorizationResult decide(Access access, HttpServletRequest request) {
    Optional<AccessRules.Match> match = AccessRules.match(request);
    if (match.isEmpty()) {
      return calls.reachesController(request) ? refuse(access, "No rule allows it.") : GRANTED;
    }
    AccessRules.Match found = match.get();
    return switch (found.rule()) {
      case Rule.Open(), Rule.Health() -> GRANTED;
      case Rule.Operator() -> operator(access, request);
      case Rule.Principal() ->
          access.isPrincipal() ? GRANTED : refuse(access, "It needs a key or a JWT.");
      case Rule.Needs(Scope scope) -> needs(access, scope);
      case Rule.Watch(String variable) -> watch(access, found.variable(variable));
      case Rule.WatchRecord() ->
          watch(access, "record:" + found.variable("kind") + ":" + found.variable("key"));
      case Rule.WatchAll(String parameter) -> watchAll(access, values(request, parameter));
      case Rule.Publish(String variable) -> publish(access, found.variable(variable));
      case Rule.ListEmitters(String parameter) -> listEmitters(access, values(request, parameter));
      case Rule.AddressEmitter() -> needs(access, Scope.PUBLISH);
      case Rule.ReadJob(String variable) -> readJob(access, found.variable(variable));
      case Rule.ReadJobOfQuery(String parameter) ->
          readJob(access, String.join(",", values(request, parameter)));
      case Rule.ReadRows(String variable) -> readRows(access, found.variable(variable));
      case Rule.ChangeJob(String variable) -> changeJob(access, found.variable(variable));
      case Rule.Report(String variable) -> report(access, found.variable(variable));
    };
  }

  /** Whether a credential may watch the stream with this name. */
  boolean mayWatch(Access access, String name) {
    return watch(access, name).isGranted();
  }

  /** Whether a name is the name of a job whose rows the credential may read. */
  boolean mayReadRows(Access access, String name) {
    return name.startsWith(JOB_PREFIX)
        && readRows(access, name.substring(JOB_PREFIX.length())).isGranted();
  }

  private static AuthorizationResult operator(Access access, HttpServletRequest request) {
    return LoopbackCaller.is(request) ? GRANTED : needs(access, Scope.ADMIN);
  }

  private static AuthorizationResult needs(Access access, Scope scope) {
    return access.rights().has(scope)
        ? GRANTED
        : refuse(access, "It needs the scope %s.".formatted(scope.text()));
  }

  private AuthorizationResult watch(Access access, String name) {
    if (name.startsWith(JOB_PREFIX)) {
      return readJob(access, name.substring(JOB_PREFIX.length()));
    }
    if (access.rights().mayWatch(name) || access.names().contains(name)) {
      return GRANTED;
    }
    return refuse(access, "It needs the scope watch with a pattern for this stream.");
  }

  /** Refuses the call if the credential may not watch one of the streams. */
  private AuthorizationResult watchAll(Access access, String[] names) {
    AuthorizationResult result = names.length == 0 ? principalOrToken(access) : GRANTED;
    for (String name : names) {
      result = result.isGranted() ? watch(access, name) : result;
    }
    return result;
  }

  /**
   * Allows a query that names no stream, if the request has a credential. The controller then
   * answers that the query is wrong.
   */
  private static AuthorizationResult principalOrToken(Access access) {
    return access.kind() == Access.Kind.NOBODY ? new Refusal.Unauthenticated() : GRANTED;
  }

  private static AuthorizationResult publish(Access access, String name) {
    return access.rights().mayPublish(name)
        ? GRANTED
        : refuse(access, "It needs the scope publish with a pattern for this stream.");
  }

  private static AuthorizationResult listEmitters(Access access, String[] streams) {
    AuthorizationResult result = streams.length == 0 ? needs(access, Scope.ADMIN) : GRANTED;
    for (String stream : streams) {
      result = result.isGranted() ? publish(access, stream) : result;
    }
    return result;
  }

  private AuthorizationResult readJob(Access access, String id) {
    String name = JOB_PREFIX + id;
    boolean granted =
        properties.jobLinks()
            || access.rights().mayWatch(name)
            || access.names().contains(name)
            || owns(access, id);
    return granted ? GRANTED : refuseJob(access);
  }

  private AuthorizationResult readRows(Access access, String id) {
    boolean namedByToken = access.names().contains(JOB_PREFIX + id + WITH_ROWS);
    return namedByToken || owns(access, id) ? GRANTED : refuseJob(access);
  }

  private AuthorizationResult changeJob(Access access, String id) {
    return owns(access, id) ? GRANTED : refuseJob(access);
  }

  private AuthorizationResult report(Access access, String id) {
    boolean worker =
        access.kind() == Access.Kind.WORKER_TOKEN && access.names().contains(JOB_PREFIX + id);
    return worker || owns(access, id) ? GRANTED : refuseJob(access);
  }

  private boolean owns(Access access, String id) {
    if (access.seesAll()) {
      return true;
    }
    if (!access.isPrincipal() || !NamePattern.isName(id)) {
      return false;
    }
    JobOwners jobs = owners.getIfAvailable();
    return jobs != null && jobs.ownerOf(id).filter(access::owns).isPresent();
  }

  private static AuthorizationResult refuseJob(Access access) {
    return access.kind() == Access.Kind.NOBODY
        ? new Refusal.Unauthenticated()
        : new Refusal.UnknownJob();
  }

  private static AuthorizationResult refuse(Access access, String detail) {
    return access.kind() == Access.Kind.NOBODY
        ? new Refusal.Unauthenticated()
        : new Refusal.Forbidden(detail);
  }

  /**
   * All values of a query parameter, split at commas as Spring MVC splits them. So the decision
   * checks every value that the controller gets.
   */
  private static String[] values(HttpServletRequest request, String parameter) {
    String[] values = request.getParameterValues(parameter);
    return values == null
        ? new String[0]
        : Arrays.stream(values)
            .flatMap(value -> Arrays.stream(value.split(",")))
            .toArray(String[]::new);
  }
}
