package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.access.AtOnce;
import dev.waybill.access.Caller;
import dev.waybill.access.LimitAtOnce;
import dev.waybill.contract.Shows;
import dev.waybill.event.EventLog;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class EmitterRegistryTest {

  /** Counts what is held. Fails while {@link #fails} is set. */
  private static final class Places implements LimitAtOnce {
    private final Set<String> held = new HashSet<>();
    private boolean fails;

    @Override
    public boolean tryTake(AtOnce what, Caller caller, String id) {
      if (fails) {
        throw new IllegalStateException("no place can be counted");
      }
      return held.add(id);
    }

    @Override
    public void giveBack(AtOnce what, Caller caller, String id) {
      held.remove(id);
    }
  }

  private final Places places = new Places();
  private final Ticker ticker = System::nanoTime;
  private final StreamMetrics metrics = new StreamMetrics(new SimpleMeterRegistry());
  private final EmitterRegistry registry =
      new EmitterRegistry(
          new StreamLimits(10, 1, 1, 1 << 20),
          places,
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

  @Test
  void aClientWhosePlaceCannotBeCountedTakesNoRoomFromOthers() {
    places.fails = true;
    assertThatThrownBy(() -> registry.register(client())).hasMessage("no place can be counted");

    places.fails = false;
    assertThat(registry.register(client())).isTrue();
  }

  @Test
  void aClientWhoseEmitterCannotBeClaimedGivesItsPlaceBack() {
    registry.reportTo(
        new Ownership() {
          @Override
          public void claim(Collection<String> streamIds, String emitterId) {
            throw new IllegalStateException("no claim can be written");
          }

          @Override
          public void release(Collection<String> streamIds, String emitterId) {}
        });
    assertThatThrownBy(() -> registry.register(client())).hasMessage("no claim can be written");

    assertThat(places.held).isEmpty();
    assertThat(registry.watched()).isEmpty();
    assertThat(registry.size()).isZero();
    registry.reportTo(new NoOwnership());
    assertThat(registry.register(client())).isTrue();
  }

  private ClientStream client() {
    return new ClientStream(
        "j",
        "address:192.0.2.1",
        Transport.EMITTER,
        TestSurroundings.of(registry, ticker, metrics, 1000));
  }
}
