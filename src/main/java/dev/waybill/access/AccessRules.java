package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The table of all calls, with the access rule of each call. This class matches a path with the
 * same parser, and from the same parsed path, as Spring MVC. So no spelling of a path can get the
 * rule of one call and reach the controller of another call.
 */
final class AccessRules {

  private static final String MATCH = AccessRules.class.getName();

  private static final List<Row> ROWS =
      List.of(
          // Uploads, previews and profiles. A preview or profile of another caller is answered as
          // unknown.
          row("POST", "/api/upload/csv", new Rule.Needs(Scope.UPLOAD)),
          row("GET", "/api/previews/{id}", new Rule.Needs(Scope.UPLOAD)),
          row("PATCH", "/api/previews/{id}", new Rule.Needs(Scope.UPLOAD)),
          row("DELETE", "/api/previews/{id}", new Rule.Needs(Scope.UPLOAD)),
          row("POST", "/api/previews/{id}/import", new Rule.Needs(Scope.UPLOAD)),
          row("GET", "/api/profiles", new Rule.Needs(Scope.UPLOAD)),
          row("GET", "/api/profiles/{name}", new Rule.Needs(Scope.UPLOAD)),
          row("PUT", "/api/profiles/{name}", new Rule.Needs(Scope.UPLOAD)),
          row("DELETE", "/api/profiles/{name}", new Rule.Needs(Scope.UPLOAD)),
          row("POST", "/api/webhook-secret", new Rule.Needs(Scope.UPLOAD)),
          // Jobs.
          row("GET", "/api/jobs", new Rule.Principal()),
          row("POST", "/api/jobs", new Rule.Needs(Scope.UPLOAD)),
          row("GET", "/api/jobs/{id}", new Rule.ReadJob("id")),
          row("DELETE", "/api/jobs/{id}", new Rule.ChangeJob("id")),
          row("GET", "/api/jobs/{id}/events", new Rule.ReadJob("id")),
          row("POST", "/api/jobs/{id}/events", new Rule.Report("id")),
          row("GET", "/api/upload/sse/{id}", new Rule.ReadJob("id")),
          row("GET", "/sse/stream", new Rule.ReadJobOfQuery("transactionId")),
          row("GET", "/api/jobs/{id}/products", new Rule.ReadRows("id")),
          row("GET", "/api/jobs/{id}/rejections", new Rule.ReadRows("id")),
          row("GET", "/api/jobs/{id}/rejections/causes", new Rule.ReadRows("id")),
          row("GET", "/api/jobs/{id}/changes", new Rule.ReadRows("id")),
          row("GET", "/api/jobs/{id}/kept", new Rule.ReadRows("id")),
          row("GET", "/api/jobs/{id}/missing", new Rule.ReadRows("id")),
          row("GET", "/api/jobs/{id}/reversed", new Rule.ReadRows("id")),
          row("POST", "/api/jobs/{id}/import", new Rule.ChangeJob("id")),
          row("POST", "/api/jobs/{id}/undo", new Rule.ChangeJob("id")),
          row("GET", "/api/jobs/{id}/deliveries", new Rule.ChangeJob("id")),
          row("POST", "/api/jobs/{id}/deliveries", new Rule.ChangeJob("id")),
          // Streams and records.
          row("GET", "/api/streams", new Rule.Needs(Scope.ADMIN)),
          row("GET", "/api/streams/{name}", new Rule.Watch("name")),
          row("GET", "/api/streams/{name}/events", new Rule.Watch("name")),
          row("POST", "/api/streams/{name}/events", new Rule.Publish("name")),
          row("DELETE", "/api/streams/{name}", new Rule.Publish("name")),
          row("GET", "/api/events", new Rule.WatchAll("stream")),
          row("GET", "/api/records/{kind}/{key}/events", new Rule.WatchRecord()),
          // Emitters, which are the connections of watching clients.
          row("GET", "/api/emitters", new Rule.ListEmitters("stream")),
          row("GET", "/api/emitters/{id}", new Rule.AddressEmitter()),
          row("POST", "/api/emitters/{id}/events", new Rule.AddressEmitter()),
          row("DELETE", "/api/emitters/{id}", new Rule.AddressEmitter()),
          // Products.
          row("GET", "/api/products", new Rule.Needs(Scope.PRODUCTS)),
          row("GET", "/api/products/{sku}", new Rule.Needs(Scope.PRODUCTS)),
          row("DELETE", "/api/products", new Rule.Needs(Scope.PRODUCTS_WRITE)),
          row("DELETE", "/api/products/{sku}", new Rule.Needs(Scope.PRODUCTS_WRITE)),
          // Credentials.
          row("POST", "/api/keys", new Rule.Needs(Scope.ADMIN)),
          row("GET", "/api/keys", new Rule.Needs(Scope.ADMIN)),
          row("DELETE", "/api/keys/{id}", new Rule.Needs(Scope.ADMIN)),
          row("POST", "/api/tokens", new Rule.Principal()),
          row("POST", "/api/session", new Rule.Principal()),
          // Ends the session that the cookie names. Without a cookie, this call does nothing.
          row("DELETE", "/api/session", new Rule.Open()),
          // Calls of the operator. Health probes may come from other machines; the answers to these
          // probes contain no details.
          row("GET", "/actuator/health", new Rule.Health()),
          row("GET", "/actuator/health/**", new Rule.Health()),
          row("GET", "/actuator", new Rule.Operator()),
          row("GET", "/actuator/**", new Rule.Operator()),
          // Calls of other pods. These calls need no credential, because other pods sign their
          // requests, and the controller checks the signature.
          row("POST", "/internal/**", new Rule.Open()),
          row("GET", "/error", new Rule.Open()));

  private AccessRules() {}

  /** One call and its access rule. A HEAD request is treated as a GET request. */
  record Row(String method, PathPattern pattern, Rule rule) {}

  /**
   * The row of the table that matches a request.
   *
   * @param variables the values of the path's variables by name, decoded
   */
  record Match(Row row, Map<String, String> variables) {

    Rule rule() {
      return row.rule();
    }

    String variable(String name) {
      return variables.getOrDefault(name, "");
    }
  }

  static List<Row> rows() {
    return ROWS;
  }

  static Optional<Match> match(HttpServletRequest request) {
    // Two classes need the matching rule: the class that reads the credential, and the class that
    // decides. So this method stores the result of the first search in the request.
    if (request.getAttribute(MATCH) instanceof Match match) {
      return Optional.of(match);
    }
    PathContainer path =
        ServletRequestPathUtils.hasParsedRequestPath(request)
            ? ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication()
            : ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
    Optional<Match> match = match(request.getMethod(), path);
    match.ifPresent(found -> request.setAttribute(MATCH, found));
    return match;
  }

  static Optional<Match> match(String method, PathContainer path) {
    String asked = method.equals("HEAD") ? "GET" : method;
    for (Row row : ROWS) {
      if (row.method().equals(asked)) {
        PathPattern.PathMatchInfo found = row.pattern().matchAndExtract(path);
        if (found != null) {
          return Optional.of(new Match(row, found.getUriVariables()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The method and the path pattern of a request, for logs. The method and the pattern contain no
   * text that the client chose.
   */
  static String name(HttpServletRequest request) {
    return match(request)
        .map(found -> found.row().method() + " " + found.row().pattern().getPatternString())
        .orElse("(other)");
  }

  private static Row row(String method, String path, Rule rule) {
    return new Row(method, PathPatternParser.defaultInstance.parse(path), rule);
  }
}
