package dev.waybill.webhook;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.Page;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import dev.waybill.webhook.Delivery.Attempt;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API for the webhook secret of a principal and for the delivery of a job's end. */
@RestController
@RequiredArgsConstructor
class WebhookController {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final WebhookSecrets secrets;
  private final DeliverEnds deliverEnds;
  private final DeliveryStore store;
  private final Jobs jobs;
  private final AnswerJson answer;

  /** The answer to a request for another delivery. */
  record Again(String webhookId, String url, String state, @Nullable Instant nextAt) {}

  @PostMapping("/api/webhook-secret")
  ResponseEntity<WebhookSecrets.Made> makeSecret(HttpServletRequest request) {
    Caller caller = Caller.of(request);
    if (caller.isAddress()) {
      throw WebhookProblems.callback(
          "Only a key or a JWT has a secret of its own. For other callers the operator sets"
              + " waybill.webhooks.secret.");
    }
    return ResponseEntity.status(HttpStatus.CREATED)
        .cacheControl(CacheControl.noStore())
        .body(secrets.make(caller));
  }

  /** Lists the attempts of a delivery, newest first. */
  @GetMapping("/api/jobs/{id}/deliveries")
  void list(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    int size = Page.limit(limit);
    int before = after == null ? Integer.MAX_VALUE : number(after);
    jobs.get(id);
    Map<String, Object> notes = new LinkedHashMap<>();
    store
        .find(id)
        .ifPresent(
            delivery -> {
              notes.put("webhookId", delivery.messageId());
              notes.put("url", delivery.url());
              notes.put("state", state(delivery));
              notes.put("nextAt", Optional.ofNullable(delivery.nextAt()));
            });
    AnswerJson.Items<Attempt> items =
        (last, most) -> store.attempts(id, last == null ? before : last.number(), most);
    answer.page(request, response, size, items, Attempt::number, attempt -> attempt, notes);
  }

  @PostMapping("/api/jobs/{id}/deliveries")
  ResponseEntity<Again> sendAgain(@PathVariable String id) {
    jobs.get(id);
    Delivery delivery =
        store
            .find(id)
            .orElseThrow(
                () ->
                    WebhookProblems.callback(
                        "This job was created without a callbackUrl, so its end is posted"
                            + " nowhere."));
    if (delivery.state() == Delivery.State.WAITING) {
      throw WebhookProblems.notEnded();
    }
    deliverEnds.again(id);
    Delivery now = store.find(id).orElse(delivery);
    return ResponseEntity.accepted()
        .cacheControl(CacheControl.noStore())
        .body(new Again(now.messageId(), now.url(), state(now), now.nextAt()));
  }

  private static String state(Delivery delivery) {
    return delivery.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static int number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw Problem.parameter("after is a cursor from the page before.");
    }
    return Integer.parseInt(text);
  }
}
