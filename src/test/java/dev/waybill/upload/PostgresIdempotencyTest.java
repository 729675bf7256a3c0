package dev.waybill.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.access.Caller;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Claim;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.idempotency.IdempotencyKeys.InFlight;
import dev.waybill.idempotency.IdempotencyProperties;
import dev.waybill.idempotency.PostgresIdempotencyKeys;
import dev.waybill.storage.PostgresServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The tests of {@link IdempotencyTest} on PostgreSQL, and tests of pods that crash or freeze. */
@ActiveProfiles("postgres")
class PostgresIdempotencyTest extends IdempotencyTest {

  private static final Caller CALLER = new Caller("address:192.0.2.7");
  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00Z");

  @DynamicPropertySource
  static void postgres(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
  }

  @Test
  void aPodThatDiedFreesItsKeyWithTheEndOfItsLease() {
    Claim first = podAt(NOW).claim(CALLER, "k");

    assertThat(first).isInstanceOf(Granted.class);
    assertThat(podAt(NOW.plusSeconds(20)).claim(CALLER, "k")).isInstanceOf(InFlight.class);
    assertThat(podAt(NOW.plusSeconds(26)).claim(CALLER, "k")).isInstanceOf(Granted.class);
  }

  @Test
  void aPodThatDiedUnderAClockThatWasAheadFreesItsKeyToo() {
    podAt(NOW.plus(Duration.ofDays(1))).claim(CALLER, "k");

    assertThat(podAt(NOW).claim(CALLER, "k")).isInstanceOf(Granted.class);
  }

  @Test
  void aLongUploadKeepsItsKey() {
    SettableClock clock = new SettableClock(NOW);
    PostgresIdempotencyKeys pod = pod(clock);
    pod.claim(CALLER, "k");
    clock.now = NOW.plusSeconds(20);

    pod.renew();

    assertThat(podAt(NOW.plusSeconds(40)).claim(CALLER, "k")).isInstanceOf(InFlight.class);
    assertThat(podAt(NOW.plusSeconds(46)).claim(CALLER, "k")).isInstanceOf(Granted.class);
  }

  @Test
  void aRequestThatLostItsKeyWhileItsPodWasFrozenIsRefusedAndFreesNothing() {
    Granted first = (Granted) podAt(NOW).claim(CALLER, "k");
    Granted second = (Granted) podAt(NOW.plusSeconds(30)).claim(CALLER, "k");

    assertThatThrownBy(() -> first.answer(new Answered("f", "1", "{}")))
        .hasMessageContaining("still open");
    first.close();

    assertThat(podAt(NOW.plusSeconds(31)).claim(CALLER, "k")).isInstanceOf(InFlight.class);
    second.answer(new Answered("f", "2", "{}"));
    second.close();
    assertThat(podAt(NOW.plusSeconds(32)).claim(CALLER, "k"))
        .isEqualTo(new Answered("f", "2", "{}"));
  }

  @Test
  void theSweepDeletesOnlyWhatNobodyCanRepeat() {
    ((Granted) podAt(NOW).claim(CALLER, "answered")).answer(new Answered("f", "1", "{}"));
    podAt(NOW).claim(CALLER, "abandoned");

    podAt(NOW.plusSeconds(60)).sweep();
    assertThat(keys()).isEqualTo(2);

    PostgresIdempotencyKeys later = podAt(NOW.plus(Duration.ofHours(25)));
    later.claim(CALLER, "open");
    later.sweep();
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void theKeyOfAnotherCallerIsAnotherKey() {
    Granted first = (Granted) podAt(NOW).claim(CALLER, "k");
    first.answer(new Answered("f", "1", "{}"));
    first.close();

    assertThat(podAt(NOW).claim(new Caller("address:192.0.2.8"), "k")).isInstanceOf(Granted.class);
    assertThat(podAt(NOW).claim(CALLER, "k")).isEqualTo(new Answered("f", "1", "{}"));
  }

  @Test
  void aPodOfTheVersionBeforeHoldsItsKeysDuringARollingUpgrade() {
    storeAsBefore("open", NOW.plusSeconds(20), null);
    storeAsBefore("dead", NOW.minusSeconds(1), null);
    storeAsBefore("answered", null, "{}");

    assertThat(podAt(NOW).claim(CALLER, "open")).isInstanceOf(InFlight.class);
    assertThat(podAt(NOW).claim(CALLER, "dead")).isInstanceOf(Granted.class);
    assertThat(podAt(NOW).claim(CALLER, "answered")).isEqualTo(new Answered("f", "1", "{}"));
    assertThat(podAt(NOW.plus(Duration.ofHours(25))).claim(CALLER, "answered"))
        .isInstanceOf(Granted.class);
  }

  private void storeAsBefore(String key, @Nullable Instant leasedUntil, @Nullable String body) {
    database
        .sql(
            """
            INSERT INTO idempotency_key (idempotency_key, holder, leased_until, fingerprint,
              transaction_id, body, created_at)
            VALUES (?, ?, ?, 'f', '1', ?, ?)
            """)
        .params(
            key,
            UUID.randomUUID(),
            leasedUntil == null ? null : leasedUntil.toEpochMilli(),
            body,
            NOW.toEpochMilli())
        .update();
  }

  private int keys() {
    return database.sql("SELECT count(*) FROM idempotency_key").query(Integer.class).single();
  }

  private PostgresIdempotencyKeys podAt(Instant now) {
    return pod(new SettableClock(now));
  }

  private PostgresIdempotencyKeys pod(Clock clock) {
    return new PostgresIdempotencyKeys(
        database, clock, new IdempotencyProperties(Duration.ofHours(24)));
  }

  private static final class SettableClock extends Clock {

    private Instant now;

    private SettableClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
