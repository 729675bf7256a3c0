package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.stereotype.Component;

/**
 * Builds the chain of Spring Security's filters. The first filter reads the credential, and the
 * last filter decides about access. The other filters of Spring Security are not used. The package
 * {@code web} and Tomcat already handle headers, CORS and unusual forms of paths, and no request
 * has a session of the servlet container.
 */
@Component
class SecurityFilters {

  private static final String NOBODY = "nobody";

  private final ReadCredential readCredential;
  private final VerifyCredential verifyCredential;
  private final DecideAccess decideAccess;
  private final AnswerRefusal refusal;

  /** Built when the server starts, so that the start fails if a setting is wrong. */
  private final @Nullable JwtAuthenticationProvider jwts;

  SecurityFilters(
      AccessProperties properties,
      ReadCredential readCredential,
      VerifyCredential verifyCredential,
      ReadJwt readJwt,
      DecideAccess decideAccess,
      AnswerRefusal refusal,
      Clock clock) {
    this.readCredential = readCredential;
    this.verifyCredential = verifyCredential;
    this.decideAccess = decideAccess;
    this.refusal = refusal;
    this.jwts = properties.jwt().isConfigured() ? jwts(properties.jwt(), readJwt, clock) : null;
  }

  private static JwtAuthenticationProvider jwts(
      AccessProperties.Jwt settings, ReadJwt readJwt, Clock clock) {
    JwtAuthenticationProvider provider =
        new JwtAuthenticationProvider(new JwtDecoding(settings, clock).decoder());
    provider.setJwtAuthenticationConverter(readJwt);
    return provider;
  }

  FilterChainProxy build() {
    AuthenticationFilter authentication =
        new AuthenticationFilter(new ProviderManager(providers()), readCredential);
    authentication.setSuccessHandler((request, response, known) -> {});
    authentication.setFailureHandler(refusal::commence);
    ExceptionTranslationFilter exceptions =
        new ExceptionTranslationFilter(refusal, new NullRequestCache());
    exceptions.setAccessDeniedHandler(refusal);
    AnonymousAuthenticationFilter anonymous =
        new AnonymousAuthenticationFilter(NOBODY, NOBODY, anonymousAuthorities());
    FilterChainProxy chain =
        new FilterChainProxy(
            new DefaultSecurityFilterChain(
                AnyRequestMatcher.INSTANCE,
                authentication,
                anonymous,
                exceptions,
                new AuthorizationFilter(decideAccess)));
    chain.setFirewall(new NoFirewall());
    chain.afterPropertiesSet();
    return chain;
  }

  private List<AuthenticationProvider> providers() {
    return jwts == null ? List.of(verifyCredential) : List.of(verifyCredential, jwts);
  }

  private static List<GrantedAuthority> anonymousAuthorities() {
    return List.of(() -> NOBODY);
  }

  /**
   * Accepts every request, because Tomcat and the package {@code web} have already refused unusual
   * forms of paths. Their answers are problem documents.
   */
  private static final class NoFirewall implements HttpFirewall {

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
      return new FirewalledRequest(request) {
        @Override
        public void reset() {}
      };
    }

    @Override
    public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
      return response;
    }
  }
}
