package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchedStreamTest {

  private final WatchedStream stream = new WatchedStream("s", () -> 0);

  @Test
  void holdsWhatFollowsAGapUntilItIsFilled() {
    assertThat(stream.deliver(rejected(1))).isFalse();
    assertThat(stream.deliver(rejected(4))).isTrue();
    assertThat(stream.deliver(rejected(5))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 1));
    assertThat(stream.newest()).contains(new EventId(1, 5));
    assertThat(stream.fill(List.of(rejected(2)))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 2));
    assertThat(stream.fill(List.of(rejected(3)))).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 5));
  }

  @Test
  void aSnapshotStandsInForWhatIsHeldUpToItsId() {
    stream.deliver(rejected(1));
    stream.deliver(rejected(3));
    stream.deliver(rejected(5));
    stream.deliver(rejected(6));
    StreamEvent snapshot = new StreamEvent("s", new EventId(1, 5), EventType.SNAPSHOT, "{}", 0);
    assertThat(stream.replace(List.of(snapshot))).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 6));
    assertThat(stream.deliver(rejected(7))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 7));
  }

  @Test
  void theNextAttemptBeginsWithItsSnapshotAndLeavesNoGap() {
    stream.startAt(new EventId(1, 9));
    StreamEvent snapshot = new StreamEvent("s", new EventId(2, 1), EventType.SNAPSHOT, "{}", 0);
    assertThat(stream.deliver(snapshot)).isFalse();
    assertThat(stream.last()).contains(new EventId(2, 1));
  }

  @Test
  void withoutItsSnapshotTheNextAttemptLeavesAGap() {
    stream.startAt(new EventId(1, 9));
    StreamEvent second = new StreamEvent("s", new EventId(2, 2), EventType.REJECTED, "{}", 0);
    assertThat(stream.deliver(second)).isTrue();
  }

  @Test
  void startsWhereTheFirstSaysAndNotLater() {
    stream.startAt(new EventId(1, 4));
    stream.startAt(new EventId(1, 9));
    assertThat(stream.last()).contains(new EventId(1, 4));
    assertThat(stream.deliver(rejected(3))).isFalse();
    assertThat(stream.last()).isEqualTo(Optional.of(new EventId(1, 4)));
  }

  @Test
  void aSuspectedGapIsFilledOnce() {
    stream.deliver(rejected(1));
    assertThat(stream.suspectGap()).isTrue();
    assertThat(stream.suspectGap()).isFalse();
    stream.deliver(rejected(2));
    assertThat(stream.last()).contains(new EventId(1, 1));
    assertThat(stream.fill(List.of())).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 2));
  }

  @Test
  void aStreamThatWasToldNothingMayHaveMissedEverything() {
    assertThat(stream.suspectGap()).isTrue();
    assertThat(stream.deliver(rejected(7))).isFalse();
    assertThat(stream.last()).isEmpty();
    assertThat(stream.fill(List.of())).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 7));
  }

  private static StreamEvent rejected(long sequence) {
    return new StreamEvent("s", new EventId(1, sequence), EventType.REJECTED, "{}", 0);
  }
}
