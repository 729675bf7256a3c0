package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import org.springframework.util.unit.DataSize;

@TestPropertySource(
    properties = {
      "waybill.quotas.uploads-per-minute=3",
      "waybill.quotas.events-per-second=100",
      "waybill.quotas.external-jobs=2"
    })
class QuotasTest extends AccessTestBase {

  @Test
  @Shows("access.quota")
  void aCallerBeyondItsQuotaIsRefusedUntilTheWindowEnds() throws Exception {
    String key = key("\"scopes\":[\"upload\"]");
    for (int left = 2; left >= 0; left--) {
      HttpResponse<String> accepted = uploadBy(key);
      assertThat(accepted.statusCode()).isEqualTo(202);
      assertThat(accepted.headers().firstValue("RateLimit-Policy"))
          .contains("\"uploads\";q=3;w=60");
      assertThat(accepted.headers().firstValue("RateLimit").orElseThrow())
          .matches("\"uploads\";r=%d;t=\\d+".formatted(left));
    }

    HttpResponse<String> refused = uploadBy(key);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(problem(refused)).isEqualTo("quota");
    assertThat(refused.headers().firstValue("Retry-After").orElseThrow()).matches("[1-9]\\d?");
    assertThat(get("/actuator/prometheus", "").body())
        .contains("waybill_quota_refused_total{quota=\"uploads\"}");
    // Reading is still allowed.
    assertThat(get("/api/jobs", key).statusCode()).isEqualTo(200);
  }

  @Test
  void aPrincipalHasLowerLimitsThanAnAddressAndNeverHigherOnes() {
    Quotas quotas = quotas(null);
    Caller principal = new Caller("key:1");
    Caller address = Caller.ofAddress("192.0.2.7");

    assertThat(quotas.queued(principal, 50)).isEqualTo(20);
    assertThat(quotas.queued(principal, 3)).isEqualTo(3);
    assertThat(quotas.queued(address, 50)).isEqualTo(50);
    assertThat(quotas.stored(principal, 1L << 30, 10L << 30)).isEqualTo(5L << 30);
    assertThat(quotas.stored(address, 1L << 30, 10L << 30)).isEqualTo(10L << 30);
    assertThat(quotas.uploadsAtOnce(100)).isEqualTo(4);
    assertThat(quotas.externalJobs(principal, 2_500)).isEqualTo(1_000);
    assertThat(quotas.externalJobs(address, 2_500)).isEqualTo(2_500);
    assertThat(quotas.emitters(20_000)).isEqualTo(1_000);
    assertThat(quotas.emitters(819)).isEqualTo(819);
    assertThat(quotas.profiles()).isEqualTo(100);
    assertThat(quotas.previews()).as("0 is no limit").isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theBytesOfAPrincipalHaveRoomForTheLargestFileUnlessTheOperatorSetsThem() {
    Caller principal = new Caller("key:1");
    long most = 40L << 30;

    assertThat(quotas(null).stored(principal, 10L << 30, most)).isEqualTo(10L << 30);
    assertThat(quotas(DataSize.ofGigabytes(5)).stored(principal, 10L << 30, most))
        .isEqualTo(5L << 30);
    assertThat(quotas(DataSize.ofBytes(0)).stored(principal, 10L << 30, most)).isEqualTo(most);
  }

  private static Quotas quotas(@Nullable DataSize stored) {
    return new Quotas(
        new QuotaProperties(60, 600, 4, stored, 20, 1_000, 1_000, 1_000, 100, 0),
        new CountOnThisPod(),
        PlaceCounter.ONE_POD,
        new AccessMetrics(new SimpleMeterRegistry()));
  }

  @Test
  void publishedEventsAreCountedOneByOneAndABatchAboveTheQuotaTakesTheTimeItNeeds()
      throws Exception {
    String key = key("\"scopes\":[\"publish\"],\"publish\":[\"quota-*\"]");

    HttpResponse<String> accepted = publish(key, "{\"data\":1}\n".repeat(901));
    assertThat(accepted.statusCode()).isEqualTo(200);
    assertThat(accepted.headers().firstValue("RateLimit")).contains("\"events\";r=0;t=10");

    HttpResponse<String> refused = publish(key, "{\"data\":1}");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After").orElseThrow()).matches("[1-9]|10");
  }

  @Test
  @Shows("access.quota.open")
  void unfinishedJobsOfOtherProgramsAreLimitedForEachPrincipal() throws Exception {
    String key = key("\"scopes\":[\"upload\"]");
    String wish = "{\"kind\":\"answer\",\"title\":\"x\"}";
    for (int i = 0; i < 2; i++) {
      assertThat(call("POST", "/api/jobs", key, wish).statusCode()).isEqualTo(202);
    }

    HttpResponse<String> refused = call("POST", "/api/jobs", key, wish);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(problem(refused)).isEqualTo("quota");
    assertThat(refused.headers().firstValue("Retry-After")).contains("30");
    assertThat(refused.headers().allValues("RateLimit-Policy"))
        .as("the quota that refuses")
        .containsExactly("\"external-jobs\";q=2");
    assertThat(refused.headers().allValues("RateLimit"))
        .containsExactly("\"external-jobs\";r=0;t=30");
    assertThat(call("POST", "/api/jobs", key("\"scopes\":[\"upload\"]"), wish).statusCode())
        .isEqualTo(202);
    assertThat(get("/actuator/prometheus", "").body())
        .contains("waybill_quota_refused_total{quota=\"external-jobs\"}");
  }

  @Test
  void moreCallersThanWindowsStayBoundedAndResetNoWindowThatIsUsedUp() {
    CountOnThisPod counter = new CountOnThisPod(() -> 0);
    Duration minute = Duration.ofMinutes(1);
    counter.tryAdd(List.of("full"), 60, 60, minute);

    for (int i = 0; i < 3 * CountOnThisPod.MOST_WINDOWS; i++) {
      assertThat(counter.tryAdd(List.of("caller" + i), 1, 60, minute).granted()).isTrue();
    }

    assertThat(counter.windows()).isLessThanOrEqualTo(CountOnThisPod.MOST_WINDOWS);
    assertThat(counter.tryAdd(List.of("full"), 1, 60, minute).granted()).isFalse();
  }

  @Test
  void aCallThatOneWindowRefusesCountsInNone() {
    CountOnThisPod counter = new CountOnThisPod(() -> 0);
    Duration minute = Duration.ofMinutes(1);
    counter.tryAdd(List.of("address"), 3, 3, minute);

    assertThat(counter.tryAdd(List.of("key", "address"), 1, 3, minute).granted()).isFalse();
    assertThat(counter.tryAdd(List.of("key"), 3, 3, minute).granted()).isTrue();
  }

  @Test
  void aWindowStartsWithItsFirstCountAndEnds() {
    AtomicLong nanos = new AtomicLong();
    CountOnThisPod counter = new CountOnThisPod(nanos::get);
    Duration minute = Duration.ofMinutes(1);

    assertThat(counter.tryAdd(List.of("a"), 2, 3, minute).granted()).isTrue();
    assertThat(counter.tryAdd(List.of("a"), 2, 3, minute).granted()).isFalse();
    assertThat(counter.tryAdd(List.of("b"), 3, 3, minute).granted()).isTrue();
    assertThat(counter.tryAdd(List.of("a"), 1, 3, minute).used()).isEqualTo(3);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    assertThat(counter.tryAdd(List.of("a"), 3, 3, minute).granted()).isTrue();
  }

  private HttpResponse<String> publish(String key, String events) throws Exception {
    return send(
        to("/api/streams/quota-a/events")
            .header("Content-Type", "application/x-ndjson")
            .header("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(events)));
  }

  private HttpResponse<String> uploadBy(String key) throws Exception {
    return send(
        to("/api/upload/csv")
            .header("Content-Type", "text/csv")
            .header("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString("sku,name\nA1,Chair\n")));
  }
}
