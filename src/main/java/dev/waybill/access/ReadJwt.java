package dev.waybill.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;

/**
 * Reads the rights that a verified JWT grants, from the JWT's claim {@code waybill}. The issuer and
 * the subject together identify the principal, because two issuers can use the same subject. A part
 * of the claim in an unknown form gives no rights.
 */
@Component
@RequiredArgsConstructor
class ReadJwt implements Converter<Jwt, AbstractAuthenticationToken> {

  private static final String CLAIM = "waybill";
  private static final int HASH_DIGITS = 32;
  private static final int MOST_PATTERNS = 100;

  private final Credentials credentials;

  @Override
  public AbstractAuthenticationToken convert(Jwt token) {
    return new AccessAuthentication(
        credentials.ofJwt(caller(token), rights(token.getClaim(CLAIM)), JwtDecoding.endOf(token)));
  }

  private static Caller caller(Jwt token) {
    String issuer = token.getClaimAsString("iss");
    String principal = (issuer == null ? "" : issuer) + "\n" + token.getSubject();
    return new Caller("jwt:" + KeyText.hash(principal).substring(0, HASH_DIGITS));
  }

  private static Rights rights(@Nullable Object claim) {
    if (!(claim instanceof Map<?, ?> fields)) {
      return Rights.NONE;
    }
    return new Rights(
        parsed(fields.get("scopes"), Scope::parse).collect(Collectors.toUnmodifiableSet()),
        parsed(fields.get("watch"), NamePattern::parse).limit(MOST_PATTERNS).toList(),
        parsed(fields.get("publish"), NamePattern::parse).limit(MOST_PATTERNS).toList());
  }

  private static <T> Stream<T> parsed(
      @Nullable Object values, Function<String, Optional<T>> parse) {
    return values instanceof List<?> list
        ? list.stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .flatMap(text -> parse.apply(text).stream())
        : Stream.empty();
  }
}
