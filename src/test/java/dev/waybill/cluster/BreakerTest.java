package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private final AtomicLong now = new AtomicLong(-5);
  private final Breaker breaker = new Breaker(now::get);

  @Test
  void letsEverybodyThroughWhileAllIsWell() {
    assertThat(breaker.letsThrough()).isTrue();
    assertThat(breaker.letsThrough()).isTrue();
    assertThat(breaker.succeeded()).isFalse();
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void letsNobodyThroughForAPauseAfterAFailure() {
    assertThat(breaker.failed()).isTrue();
    assertThat(breaker.failed()).isFalse();
    now.addAndGet(Breaker.PAUSE.toNanos() - 1);
    assertThat(breaker.letsThrough()).isFalse();
  }

  @Test
  void letsOneTryAfterThePauseAndAllAfterItsSuccess() {
    breaker.failed();
    now.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(breaker.letsThrough()).isTrue();
    assertThat(breaker.letsThrough()).isFalse();
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.succeeded()).isTrue();
    assertThat(breaker.letsThrough()).isTrue();
    assertThat(breaker.letsThrough()).isTrue();
  }

  @Test
  void oneWhoseTryNeverEndsDoesNotKeepItOpen() {
    breaker.failed();
    now.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(breaker.letsThrough()).isTrue();
    now.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(breaker.letsThrough()).isTrue();
  }
}
