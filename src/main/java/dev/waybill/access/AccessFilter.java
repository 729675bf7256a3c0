package dev.waybill.access;

import dev.waybill.platform.ScopedLock;
import dev.waybill.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Checks each request before the request reaches a controller. While access control is off, this
 * filter only checks calls for the operator, and the filters of Spring Security are not built.
 */
@RequiredArgsConstructor
class AccessFilter extends OncePerRequestFilter {

  /** The role that the setting {@code management.endpoint.health.group.readiness.roles} names. */
  static final String OPERATOR_ROLE = "waybill-operator";

  private static final String ACTUATOR = "/actuator";

  /**
   * The path of the calls about API keys. The first key turns access control on. Before the first
   * key exists, only requests from this machine may make these calls.
   */
  private static final String KEYS = "/api/keys";

  private static final String HEALTH = "/actuator/health";

  private final AccessSwitch access;
  private final SecurityFilters filters;
  private final AnswerRefusal refusal;
  private final AuditLog audit;
  private final Quotas quotas;

  private final ScopedLock lock = new ScopedLock();
  private volatile @Nullable FilterChainProxy chain;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain next)
      throws ServletException, IOException {
    if (access.isOn()) {
      decide(request, response, next);
    } else if (isForOperatorOnly(request) && !LoopbackCaller.is(request)) {
      refusal.missing(request, response);
    } else {
      next.doFilter(asOperator(request), response);
    }
  }

  private void decide(HttpServletRequest request, HttpServletResponse response, FilterChain next)
      throws ServletException, IOException {
    FilterChainProxy filters = chain();
    filters.doFilter(
        request,
        response,
        (allowed, to) -> {
          // Passes the original request to the next filter, because WebSockets do not work with the
          // wrapper of Spring Security.
          logAdmin(request);
          if (isWithinQuota(request, response)) {
            next.doFilter(asOperator(request), to);
          }
        });
  }

  private FilterChainProxy chain() {
    FilterChainProxy built = chain;
    if (built == null) {
      try (var _ = lock.hold()) {
        built = chain == null ? filters.build() : chain;
        chain = built;
      }
    }
    return built;
  }

  private boolean isWithinQuota(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      quotas.takeCall(request, response);
      return true;
    } catch (Problem e) {
      refusal.answer(response, e);
      return false;
    }
  }

  private void logAdmin(HttpServletRequest request) {
    boolean ofAdmin =
        AccessRules.match(request).filter(match -> isOfAdmin(match.rule(), request)).isPresent();
    if (ofAdmin) {
      audit.admin(request, Access.of(request));
    }
  }

  /**
   * Whether the call is logged as a call of an administrator. Publishers may also send events to
   * single connections, but the calls of publishers are not logged.
   */
  private static boolean isOfAdmin(Rule rule, HttpServletRequest request) {
    return switch (rule) {
      case Rule.Needs(Scope scope) -> scope == Scope.ADMIN;
      case Rule.ListEmitters _, Rule.AddressEmitter _ -> Access.of(request).seesAll();
      default -> false;
    };
  }

  private static boolean isForOperatorOnly(HttpServletRequest request) {
    String path = request.getServletPath();
    return path.startsWith(KEYS)
        || (path.startsWith(ACTUATOR)
            && AccessRules.match(request)
                .filter(match -> match.rule() instanceof Rule.Operator)
                .isPresent());
  }

  /**
   * Wraps a request if its answer may contain the details of a health group. The answer may contain
   * them if the request comes from this machine or has the scope {@code admin}.
   */
  private static HttpServletRequest asOperator(HttpServletRequest request) {
    boolean details =
        request.getServletPath().startsWith(HEALTH)
            && (LoopbackCaller.is(request) || isAdmin(request));
    return details ? new OperatorRequest(request) : request;
  }

  private static boolean isAdmin(HttpServletRequest request) {
    Access access = Access.of(request);
    return access.kind() != Access.Kind.UNRESTRICTED && access.seesAll();
  }

  private static final class OperatorRequest extends HttpServletRequestWrapper {

    OperatorRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public Principal getUserPrincipal() {
      return () -> OPERATOR_ROLE;
    }

    @Override
    public boolean isUserInRole(String role) {
      return role.equals(OPERATOR_ROLE);
    }
  }
}
