package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The memory for claims that are not in Redis yet is limited, even during a long outage of Redis.
 */
class ClaimedStreamsTest {

  private long now;
  private final ClaimedStreams claimed = new ClaimedStreams(() -> now);

  @Test
  void forgetsAnUnwatchedStreamOnceItsClaimHasExpired() {
    claimed.touch("left");
    claimed.touch("watched");
    now += Claims.LIFE.toNanos() + 1;
    claimed.touch("new");
    claimed.forgetExpired(Set.of("watched"));
    assertThat(claimed.all()).containsExactlyInAnyOrder("watched", "new");
  }

  @Test
  void noticesEachRestartOnceAndNoneBeforeTheFirstClaim() {
    assertThat(claimed.sawNewMark("s", "m0")).isFalse();
    claimed.touch("s");
    assertThat(claimed.sawNewMark("s", "m0")).isFalse();
    assertThat(claimed.sawNewMark("s", "m1")).isTrue();
    assertThat(claimed.sawNewMark("s", "m1")).isFalse();
    assertThat(claimed.sawNewMark("s", "")).isFalse();
    assertThat(claimed.sawNewMark("s", "m1")).isFalse();
  }

  @Test
  void takesChangesInBatchesAndNoMoreThanTheLimit() {
    PendingChanges pending = new PendingChanges();
    Claims.Change change = new Claims.Change("e", true);
    IntStream.range(0, PendingChanges.MAX_CHANGES)
        .forEach(i -> assertThat(pending.add("s" + i, change).isFirst()).isEqualTo(i == 0));
    CompletableFuture<Void> dropped = pending.add("one too many", change).written();
    assertThat(dropped).isCompleted();
    PendingChanges.Batch batch = pending.take(Claims.BATCH_STREAMS);
    assertThat(batch.changes()).hasSize(Claims.BATCH_STREAMS);
    assertThat(batch.changes()).containsEntry("s0", List.of(change));
    assertThat(batch.moreWait()).isTrue();
    CompletableFuture<Void> written = pending.add("fits again", change).written();
    batch.written();
    assertThat(written).isNotCompleted();
    PendingChanges.Batch rest = pending.take(Integer.MAX_VALUE);
    assertThat(rest.moreWait()).isFalse();
    assertThat(Map.copyOf(rest.changes())).containsKey("fits again");
    rest.written();
    assertThat(written).isCompleted();
    assertThat(pending.isWaiting()).isFalse();
  }
}
