package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.access.LimitAtOnce;
import dev.waybill.contract.Shows;
import dev.waybill.event.EventLog;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class EmitterRegistryTest {

  private final Ticker ticker = System::nanoTime;
  private final StreamMetrics metrics = new StreamMetrics(new SimpleMeterRegistry());
  private final EmitterRegistry registry =
      new EmitterRegistry(
          new StreamLimits(10, 1, 1, 1 << 20),
          LimitAtOnce.NONE,
          new FillGap(none(EventLog.class), new StreamKinds(none(StreamKind.class)), ticker),
          ticker,
          new VirtualDrainers(),
          metrics);

  /** No event is missed in this test, so nothing is looked up. */
  private static <T> ObjectProvider<T> none(Class<T> type) {
    return new StaticListableBeanFactory().getBeanProvider(type);
  }

  @Test
  @Shows("setting.stream.max-per-address")
  void aClosedSlowClientKeepsItsPlaceUntilItsConnectionHasEnded() {
    ClientStream trickling = client();
    assertThat(registry.register(trickling)).isTrue();

    registry.retire(trickling);
    registry.retire(trickling);

    assertThat(registry.watched()).isEmpty();
    assertThat(registry.register(client())).isFalse();
    registry.forget(trickling);
    assertThat(registry.register(client())).isTrue();
  }

  @Test
  void aPlaceIsGivenBackOnlyOnce() {
    ClientStream first = client();
    registry.register(first);
    registry.forget(first);
    registry.register(client());

    registry.forget(first);
    registry.retire(first);
    registry.forget(first);

    assertThat(registry.register(client())).isFalse();
  }

  private ClientStream client() {
    return new ClientStream(
        "j",
        "address:192.0.2.1",
        Transport.EMITTER,
        TestSurroundings.of(registry, ticker, metrics, 1000));
  }
}
