package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.platform.HeapBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class StreamLimitsOfHeapTest {

  private static final HeapBudget SMALL = new HeapBudget(256L << 20);
  private static final HeapBudget LARGE = new HeapBudget(16L << 30);

  @Test
  @Shows({"setting.stream.max-emitters", "setting.stream.max-per-address"})
  void defaultsFollowTheHeapAndTheTransport() {
    assertThat(limits(properties(Transport.EMITTER, null, null), SMALL))
        .isEqualTo(new StreamLimits(819, 409, 819, 16 << 20));
    assertThat(limits(properties(Transport.SOCKET, null, null), SMALL))
        .isEqualTo(new StreamLimits(3276, 1000, 1000, 16 << 20));
    assertThat(limits(properties(Transport.EMITTER, null, null), LARGE))
        .isEqualTo(new StreamLimits(20_000, 1000, 1000, 1 << 30));
  }

  @Test
  void whatIsSetIsTaken() {
    assertThat(limits(properties(Transport.EMITTER, 5, null), SMALL))
        .isEqualTo(new StreamLimits(5, 2, 5, 16 << 20));
    assertThat(limits(properties(Transport.EMITTER, 1, null), SMALL).maxPerAddress()).isEqualTo(1);
    assertThat(limits(properties(Transport.EMITTER, null, 7000), SMALL).maxPerAddress())
        .isEqualTo(7000);
  }

  private static StreamLimits limits(StreamProperties properties, HeapBudget heap) {
    return StreamLimits.of(properties, served -> Math.min(1000, served), heap);
  }

  private static StreamProperties properties(
      Transport transport, @Nullable Integer maxEmitters, @Nullable Integer maxPerAddress) {
    return new StreamProperties(
        transport,
        maxEmitters,
        maxPerAddress,
        Duration.ofSeconds(15),
        DataSize.ofKilobytes(256),
        Duration.ofSeconds(10));
  }
}
