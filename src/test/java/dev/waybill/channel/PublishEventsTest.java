package dev.waybill.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import dev.waybill.job.SettableClock;
import dev.waybill.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** What publishing must do on every database; each database has a subclass. */
abstract class PublishEventsTest {

  static final ChannelProperties PROPERTIES =
      new ChannelProperties(
          100,
          Duration.ofHours(24),
          DataSize.ofKilobytes(64),
          10_000,
          5,
          Duration.ofHours(24),
          List.of(new ChannelProperties.Rule("short-", 10, Duration.ofMinutes(1), null, null)));

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  final SettableClock clock = new SettableClock();
  private final StreamName orders = new StreamName("orders");
  private ChannelDatabase pod;
  private ChannelDatabase otherPod;

  /** A second pod that writes to the same database. */
  abstract ChannelDatabase newPod();

  @BeforeEach
  void open() {
    pod = newPod();
    otherPod = newPod();
  }

  @AfterEach
  void close() {
    otherPod.close();
    pod.close();
  }

  @Test
  void numbersTheEventsOfAStreamFromOneAndDeliversThemInThatOrder() {
    List<EventId> first = pod.publish.publish(orders, events("a", "b"));
    List<EventId> second = pod.publish.publish(orders, events("c"));

    int epoch = first.getFirst().epoch();
    assertThat(first).containsExactly(new EventId(epoch, 1), new EventId(epoch, 2));
    assertThat(second).containsExactly(new EventId(epoch, 3));
    assertThat(pod.delivered()).extracting(StreamEvent::data).containsExactly("a", "b", "c");
    assertThat(all(orders)).containsExactly("a", "b", "c");
  }

  @Test
  void keepsNameRuleKeyTextRetryAndMessageId() {
    NewEvent event =
        new NewEvent(new EventType("price", Delivery.LATEST, "MUG-1"), "9\n10", true, 5000, "m-1");

    pod.publish.publish(orders, List.of(event));

    StreamEvent kept =
        pod.history.after(orders.streamId(), EventId.NOTHING, 10).events().getFirst();
    assertThat(kept).isEqualTo(pod.delivered().getFirst());
    assertThat(kept.type()).isEqualTo(event.type());
    assertThat(kept.extras()).isEqualTo(new StreamEvent.Extras(true, 5000, "m-1"));
  }

  @Test
  @Shows("audience.message-id")
  void answersARepeatedMessageWithItsFirstIdAlsoFromAnotherPodAndInAnotherEpoch() {
    List<EventId> first = pod.publish.publish(orders, List.of(message("m-1", "a")));
    pod.publish.close(orders);

    assertThat(otherPod.publish.publish(orders, List.of(message("m-1", "a")))).isEqualTo(first);
    assertThat(otherPod.delivered()).isEmpty();
    assertThat(pod.history.end(orders.streamId()).closed()).isTrue();
  }

  @Test
  void refusesAMessageIdWithOtherContentAndPublishesNothingOfTheBatch() {
    pod.publish.publish(orders, List.of(message("m-1", "a")));

    assertThatThrownBy(
            () -> pod.publish.publish(orders, List.of(event("new"), message("m-1", "other"))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("message-mismatch");
    assertThat(all(orders)).containsExactly("a");
  }

  @Test
  void forgetsAMessageIdAfterItsRetention() {
    List<EventId> first = pod.publish.publish(orders, List.of(message("m-1", "a")));
    clock.pass(Duration.ofHours(25));

    assertThat(pod.publish.publish(orders, List.of(message("m-1", "b")))).isNotEqualTo(first);
  }

  @Test
  void closesOnceAndOpensTheNextEpochWithTheNextEvent() {
    EventId last = pod.publish.publish(orders, events("a")).getFirst();
    pod.publish.close(orders);
    otherPod.publish.close(orders);
    EventId closing = pod.history.end(orders.streamId()).last();
    assertThat(closing).isEqualTo(new EventId(last.epoch(), 2));
    assertThat(pod.streams.endedAmong(List.of(orders.streamId())))
        .extracting(StreamEvent::id)
        .containsExactly(closing);

    EventId reopened = otherPod.publish.publish(orders, events("b")).getFirst();

    assertThat(reopened.epoch()).isGreaterThan(last.epoch());
    assertThat(reopened.sequence()).isEqualTo(1);
    assertThat(all(orders)).containsExactly("a", "b"); // without the old waybill.closed
    assertThat(part(closing).gap()).isFalse();
    assertThat(part(closing).events()).extracting(StreamEvent::data).containsExactly("b");
    assertThat(pod.streams.endedAmong(List.of(orders.streamId()))).isEmpty();
  }

  @Test
  void closingAnUnknownStreamStoresNothing() {
    pod.publish.close(orders);

    assertThat(pod.store.find(orders)).isEmpty();
  }

  @Test
  @Shows("audience.reopen")
  void usesNoEpochTwiceForANameAlsoAfterItWasForgotten() {
    int before = pod.publish.publish(orders, events("a")).getFirst().epoch();
    clock.pass(Duration.ofHours(25));
    pod.forget.forget();
    assertThat(pod.store.find(orders)).isEmpty();

    assertThat(pod.publish.publish(orders, events("b")).getFirst().epoch()).isGreaterThan(before);
  }

  @Test
  @Shows("audience.retention")
  void keepsTheNewestEventsAndReportsAGapForOlderCursors() {
    List<EventId> ids = pod.publish.publish(orders, events(numbers(150)));

    assertThat(all(orders)).hasSize(100).startsWith("50").endsWith("149");
    assertThat(part(ids.get(10)).gap()).isTrue();
    assertThat(part(ids.get(49)).gap()).isFalse();
    assertThat(part(ids.get(48)).gap()).isTrue();
    assertThat(part(ids.get(149)).events()).isEmpty();
    assertThat(part(ids.get(149)).gap()).isFalse();
  }

  @Test
  @Shows("audience.retention")
  void appliesTheRuleOfTheLongestPrefix() {
    StreamName brief = new StreamName("short-lived");
    pod.publish.publish(brief, events(numbers(30)));
    assertThat(all(brief)).hasSize(10);

    clock.pass(Duration.ofMinutes(2));

    assertThat(all(brief)).isEmpty();
  }

  @Test
  void cannotVouchForACursorFromTheFutureOrFromElsewhere() {
    EventId last = pod.publish.publish(orders, events("a", "b")).getLast();

    assertThat(part(new EventId(last.epoch(), 9)).gap()).isTrue();
    assertThat(part(new EventId(last.epoch() + 1, 1)).gap()).isTrue();
    assertThat(part(new EventId(0, 7)).gap()).isTrue();
    assertThat(part(EventId.NOTHING).gap()).isFalse();
  }

  @Test
  void refusesMoreStreamsThanAllowed() {
    for (int i = 0; i < 5; i++) {
      pod.publish.publish(new StreamName("s" + i), events("a"));
    }

    assertThatThrownBy(() -> pod.publish.publish(new StreamName("s5"), events("a")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("unavailable");
    assertThat(pod.publish.publish(new StreamName("s4"), events("b"))).hasSize(1);
  }

  @Test
  @Shows("audience.one-order")
  void manyPublishersOnTwoPodsGetOneOrderWithoutAGap() throws Exception {
    List<EventId> answered = new ArrayList<>();
    try (ExecutorService publishers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<EventId>>> answers =
          IntStream.range(0, 80)
              .mapToObj(
                  i ->
                      publishers.submit(
                          () ->
                              (i % 2 == 0 ? pod : otherPod)
                                  .publish.publish(orders, events("e" + i))))
              .toList();
      for (Future<List<EventId>> answer : answers) {
        answered.addAll(answer.get());
      }
    }

    assertThat(answered).doesNotHaveDuplicates().hasSize(80);
    assertThat(part(EventId.NOTHING).gap()).isFalse();
    assertThat(ids(orders)).isEqualTo(answered.stream().sorted().toList());
    assertThat(ids(orders).getLast().sequence()).isEqualTo(80);
    assertThat(pod.delivered()).extracting(StreamEvent::id).isSorted();
    assertThat(otherPod.delivered()).extracting(StreamEvent::id).isSorted();
  }

  /** A source would move a good record to its dead letters for a refusal. */
  @Test
  void whatWaitsWhileThePublisherStopsHasFailedAndIsNotRefused() throws Exception {
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (ExecutorService publishers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first =
          publishers.submit(
              () ->
                  pod.publish.publishTogether(
                      Map.of(orders, events("a")),
                      () -> {
                        committing.countDown();
                        awaitUninterruptibly(stopped);
                      }));
      committing.await();
      FutureTask<Map<StreamName, Problem>> waiting =
          new FutureTask<>(
              () -> pod.publish.publishTogether(Map.of(orders, events("b")), () -> {}));
      Thread source = Thread.ofPlatform().start(waiting);
      Awaitility.await().until(() -> source.getState() == Thread.State.WAITING);

      pod.publish.stop();
      stopped.countDown();

      assertThat(first).succeedsWithin(PATIENCE);
      assertThat(waiting)
          .failsWithin(PATIENCE)
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(Problem.class)
          .withMessageContaining("unavailable");
      assertThat(all(orders)).containsExactly("a");
    }
  }

  private StreamHistory.Part part(EventId after) {
    return pod.history.after(orders.streamId(), after, 64);
  }

  private List<String> all(StreamName name) {
    return read(name).stream().map(StreamEvent::data).toList();
  }

  private List<EventId> ids(StreamName name) {
    return read(name).stream().map(StreamEvent::id).toList();
  }

  private List<StreamEvent> read(StreamName name) {
    List<StreamEvent> events = new ArrayList<>();
    EventId cursor = EventId.NOTHING;
    StreamHistory.Part part;
    do {
      part = pod.history.after(name.streamId(), cursor, 64);
      events.addAll(part.events());
      cursor = events.isEmpty() ? cursor : events.getLast().id();
    } while (part.more());
    return events;
  }

  /** A driver of a database does not care for an interrupt either. */
  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String[] numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
  }

  private static List<NewEvent> events(String... data) {
    return List.of(data).stream().map(PublishEventsTest::event).toList();
  }

  private static NewEvent event(String data) {
    return new NewEvent(EventType.of("order", Delivery.EACH), data, false, null, null);
  }

  private static NewEvent message(String id, String data) {
    return new NewEvent(EventType.of("order", Delivery.EACH), data, false, null, id);
  }
}
