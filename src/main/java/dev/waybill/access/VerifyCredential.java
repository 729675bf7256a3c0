package dev.waybill.access;

import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Verifies keys, watch tokens, the tokens of workers and the IDs of sessions. */
@Component
@RequiredArgsConstructor
class VerifyCredential implements AuthenticationProvider {

  private final Credentials credentials;
  private final ObjectProvider<WorkerTokens> workerTokens;

  @Override
  public @Nullable Authentication authenticate(Authentication authentication) {
    PresentedCredential presented = (PresentedCredential) authentication;
    try {
      return new AccessAuthentication(access(presented));
    } catch (DataAccessException | TransactionException e) {
      throw new AuthenticationServiceException("The credential could not be read", e);
    }
  }

  private Access access(PresentedCredential presented) {
    String text = presented.getCredentials();
    if (presented.place() == PresentedCredential.Place.COOKIE) {
      return credentials
          .ofSession(text, presented.address())
          .orElseThrow(() -> new RefusedCredential(RefusedCredential.Reason.EXPIRED));
    }
    if (text.startsWith(WatchTokens.PREFIX)) {
      return credentials.ofWatchToken(text, presented.address());
    }
    return workerTokens.stream()
        .flatMap(tokens -> tokens.jobOf(text).stream())
        .findFirst()
        .map(job -> worker(job, presented.address()))
        .orElseGet(() -> credentials.ofKey(text, presented.address()));
  }

  private static Access worker(String job, Caller address) {
    return new Access(
        address,
        Access.Kind.WORKER_TOKEN,
        Rights.NONE,
        Set.of(DecideAccess.JOB_PREFIX + job),
        Lifetime.ENDLESS,
        "");
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return PresentedCredential.class.equals(authentication);
  }
}
