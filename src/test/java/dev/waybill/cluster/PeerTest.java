package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.platform.OutageLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClusterMetrics metrics = new ClusterMetrics(registry);
  private final List<OutgoingEvent> sent = new CopyOnWriteArrayList<>();

  @Test
  void sendsWaitingEventsTogetherAndInOrder() throws InterruptedException {
    CountDownLatch firstIsOnItsWay = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    Peer peer =
        new Peer(
            "p",
            batch -> {
              firstIsOnItsWay.countDown();
              awaitQuietly(go);
              sizes.add(batch.size());
              sent.addAll(batch);
            },
            metrics,
            new OutageLog());
    List<OutgoingEvent> events = IntStream.range(0, 50).mapToObj(i -> event("s" + i, 10)).toList();
    peer.offer(events.getFirst());
    firstIsOnItsWay.await();
    events.subList(1, 50).forEach(peer::offer);
    go.countDown();
    peer.awaitIdle(System.nanoTime() + Duration.ofSeconds(10).toNanos());
    assertThat(sent).containsExactlyElementsOf(events);
    assertThat(sizes).containsExactly(1, 49);
  }

  @Test
  void dropsAndCountsEventsWithoutRoom() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Peer peer = new Peer("p", batch -> awaitQuietly(never), metrics, new OutageLog());
    for (int i = 0; i < 30; i++) {
      peer.offer(event("s", 1 << 20));
    }
    assertThat(overflowed()).isBetween(20.0, 23.0);
    long start = System.nanoTime();
    peer.awaitIdle(start + Duration.ofMillis(20).toNanos());
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(19).toNanos());
    never.countDown();
  }

  @Test
  void dropsAnEventThatNoRequestCanCarry() {
    Peer peer = new Peer("p", sent::addAll, metrics, new OutageLog());
    peer.offer(event("s", OutgoingEvent.BATCH_BYTES));
    assertThat(overflowed()).isOne();
  }

  @Test
  void goesOnAfterASenderThatThrows() {
    Peer peer =
        new Peer(
            "p",
            batch -> {
              sent.addAll(batch);
              throw new IllegalStateException("one batch");
            },
            metrics,
            new OutageLog());
    peer.offer(event("s", 1));
    await().until(() -> sent.size() == 1);
    peer.offer(event("t", 1));
    await().until(() -> sent.size() == 2);
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class})
  void goesOnAfterASenderThatDiesOfAnError(Class<? extends Error> failure) throws Exception {
    Error error = failure.getConstructor(String.class).newInstance("injected");
    CountDownLatch firstIsOnItsWay = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Peer peer =
        new Peer(
            "p",
            batch -> {
              firstIsOnItsWay.countDown();
              awaitQuietly(go);
              if (batch.getFirst().streamId().equals("fails")) {
                throw error;
              }
              sent.addAll(batch);
            },
            metrics,
            new OutageLog());
    peer.offer(event("fails", 1));
    firstIsOnItsWay.await();
    // This event is in the queue when the sending thread dies, and no event follows it.
    peer.offer(event("waits", 1));
    go.countDown();
    await().until(() -> sent.size() == 1);
    peer.offer(event("comes later", 1));
    await().until(() -> sent.size() == 2);
    assertThat(failed()).isOne();
  }

  private double failed() {
    return registry.get("waybill.forwards.failed").counter().count();
  }

  private double overflowed() {
    return registry.get("waybill.forwards.overflowed").counter().count();
  }

  private static OutgoingEvent event(String streamId, int bytes) {
    return new OutgoingEvent(streamId, new byte[bytes]);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
