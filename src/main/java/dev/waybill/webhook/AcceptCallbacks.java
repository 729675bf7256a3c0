package dev.waybill.webhook;

import dev.waybill.access.Caller;
import dev.waybill.job.JobCallbacks;
import java.security.SecureRandom;
import java.util.HexFormat;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Checks and stores callback URLs: the URLs to which the ends of jobs are posted. */
@Component
@RequiredArgsConstructor
class AcceptCallbacks implements JobCallbacks {

  private static final int ID_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final DeliveryStore store;
  private final WebhookSecrets secrets;

  @Override
  public void check(String url, Caller caller) {
    CallbackUrl.parse(url);
    if (!secrets.has(WebhookSecrets.principal(caller).orElse(null))) {
      throw WebhookProblems.callback(
          caller.isAddress()
              ? "This server has no secret to sign callbacks with. Leave callbackUrl out and watch"
                  + " the job."
              : "You have no secret that signs callbacks. Make one by POST /api/webhook-secret.");
    }
  }

  @Override
  public void note(String jobId, String url, Caller caller) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    store.insert(
        jobId,
        "msg_" + HexFormat.of().formatHex(id),
        url,
        WebhookSecrets.principal(caller).orElse(null));
  }
}
