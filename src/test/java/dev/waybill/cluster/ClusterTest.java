package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.EmitterRegistry;
import dev.waybill.stream.FakeJobs;
import io.lettuce.core.XAddArgs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two pods that share a real Redis. */
class ClusterTest {

  private static final FakeJobs JOBS = new FakeJobs();

  /**
   * The number of random IDs that are tried. The test also passed with 100,000 ({@code
   * -Dinvented.ids}).
   */
  private static final int INVENTED = Integer.getInteger("invented.ids", 200);

  private static TestRedis redis;
  private static TestRedis.Commands commands;
  private static TestPod a;
  private static TestPod b;

  private final String job = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    commands = redis.commands();
    // The timeout is long, because another test shows how pods work without Redis.
    String[] arguments = {"--waybill.events.log-size=8", "--spring.data.redis.timeout=5s"};
    a = new TestPod(redis.port, JOBS, named("a", arguments));
    b = new TestPod(redis.port, JOBS, named("b", arguments));
  }

  private static String[] named(String name, String... arguments) {
    return Stream.concat(Stream.of(arguments), Stream.of("--spring.data.redis.client-name=" + name))
        .toArray(String[]::new);
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    commands.close();
    redis.close();
  }

  @Test
  void aWatcherSeesInOrderWhatAnotherPodPublishes() throws IOException {
    JOBS.queued(job);
    try (Watcher here = a.watch(job);
        Watcher there = b.watch(job)) {
      here.expect("0-1 snapshot {\"status\":\"QUEUED\"}");
      there.expect("0-1 snapshot {\"status\":\"QUEUED\"}");
      a.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}", 0);
      for (int i = 2; i <= 200; i++) {
        a.publish(job, "1-" + i, SampleTypes.REJECTED, "{\"n\":" + i + "}", i);
      }
      for (Watcher each : List.of(here, there)) {
        each.expect("1-1 snapshot {}");
        for (int i = 2; i <= 200; i++) {
          each.expect("1-" + i + " rejected {\"n\":" + i + "}");
        }
      }
      a.publish(JOBS.finished(job, new EventId(1, 201), 200));
      for (Watcher each : List.of(here, there)) {
        each.expect("1-201 complete {\"status\":\"COMPLETED\",\"rows\":200}", "end");
      }
    }
  }

  @Test
  void publishingCostsOneRoundTripWhateverTheNumberOfWatchers() throws IOException {
    JOBS.running(job, 1, 0);
    a.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}", 0);
    try (Watcher one = b.watch(job);
        Watcher two = b.watch(job);
        Watcher three = a.watch(job)) {
      double roundTrips = a.count("waybill.publish.round.trips");
      double forwards = a.count("waybill.forwards");
      a.publish(job, "1-2", SampleTypes.REJECTED, "r", 0);
      for (Watcher each : List.of(one, two, three)) {
        each.until("1-2 rejected r");
      }
      assertThat(a.count("waybill.publish.round.trips") - roundTrips).isOne();
      await().until(() -> a.count("waybill.forwards") - forwards == 1);
    }
  }

  @Test
  void redisItselfIsAskedOncePerPublish() throws IOException {
    JOBS.running(job, 1, 0);
    a.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}", 0);
    // The publishing pod has no watcher, because a watcher would also make it write claims.
    try (Watcher one = b.watch(job);
        Watcher two = b.watch(job);
        RedisMonitor monitor = new RedisMonitor(redis.port)) {
      for (int i = 2; i <= 101; i++) {
        a.publish(job, "1-" + i, SampleTypes.REJECTED, "r", 0);
      }
      for (Watcher each : List.of(one, two)) {
        each.until("1-101 rejected r");
      }
      Set<String> connections = commands.connectionsOf("a");
      assertThat(monitor.seen(commands))
          .filteredOn(each -> connections.contains(each.connection()))
          .filteredOn(each -> each.text().contains(job))
          .hasSize(100)
          .allMatch(each -> each.text().startsWith("\"EVALSHA\""));
    }
  }

  @Test
  void resumesOnAnyPod() throws IOException {
    JOBS.running(job, 1, 0);
    publishOnA("1-1", "1-2", "1-3", "1-4", "1-5");
    try (Watcher there = b.watch(job, "Last-Event-ID: 1-3")) {
      there.expect("1-4 rejected 1-4", "1-5 rejected 1-5");
      publishOnA("1-6");
      there.expect("1-6 rejected 1-6");
    }
  }

  @Test
  void aSnapshotCoversWhatThisPodDeliveredEvenIfTheLogLacksIt() throws IOException {
    JOBS.running(job, 1, 5);
    publishOnA("1-1");
    try (Watcher live = b.watch(job)) {
      live.expect("1-1 snapshot {\"status\":\"RUNNING\",\"rows\":5}");
      b.context
          .getBean(EmitterRegistry.class)
          .deliver(new StreamEvent(job, new EventId(1, 2), SampleTypes.REJECTED, "r", 5));
      live.expect("1-2 rejected r");
      try (Watcher resumed = b.watch(job, "Last-Event-ID: 1-2")) {
        resumed.expect("1-2 snapshot {\"status\":\"RUNNING\",\"rows\":5}");
      }
    }
  }

  @Test
  @Shows({"setting.events.log-size", "setting.events.retention"})
  void theLogKeepsExactlyTheConfiguredNumberAndForgetsThemInTime() {
    publishOnA(IntStream.rangeClosed(1, 20).mapToObj(i -> "1-" + i).toArray(String[]::new));
    assertThat(commands.run.xlen("waybill:{" + job + "}:events")).isEqualTo(8);
    assertThat(commands.run.pttl("waybill:{" + job + "}:events"))
        .isBetween(Duration.ofHours(23).toMillis(), Duration.ofHours(24).toMillis());
    RedisEventLog log = a.context.getBean(RedisEventLog.class);
    assertThat(log.end(job)).contains(new EventId(1, 20));
    assertThat(log.after(job, new EventId(1, 11))).isEmpty();
    assertThat(log.after(job, new EventId(1, 12)).orElseThrow()).hasSize(8);
    assertThat(log.after(job, new EventId(1, 20))).contains(List.of());
    assertThat(log.after(job, new EventId(1, 21))).isEmpty();
    assertThat(log.after(job, new EventId(2, 1))).isEmpty();
  }

  @Test
  void theLogIsWholeAcrossAttemptsButNotAcrossABurnedNumber() {
    publishOnA("1-1", "1-2", "2-1", "2-2", "2-4");
    RedisEventLog log = a.context.getBean(RedisEventLog.class);
    assertThat(log.after(job, new EventId(1, 2))).isEmpty();
    assertThat(log.after(job, new EventId(2, 2))).isEmpty();
    assertThat(log.after(job, new EventId(2, 3)).orElseThrow()).hasSize(1);
    publishOnA("3-1");
    assertThat(log.after(job, new EventId(2, 4)).orElseThrow()).hasSize(1);
  }

  @Test
  void anOvertakenAttemptIsFencedAndItsEventsAreNotDelivered() throws IOException {
    JOBS.running(job, 1, 0);
    try (Watcher here = a.watch(job);
        Watcher there = b.watch(job)) {
      JOBS.running(job, 2, 0);
      assertThat(b.publish(job, "2-1", SampleTypes.SNAPSHOT, "new", 0)).isEqualTo(DELIVERED);
      assertThat(a.publish(job, "1-7", SampleTypes.REJECTED, "old", 0)).isEqualTo(FENCED);
      JOBS.running(job, 3, 0);
      assertThat(a.publish(job, "2-1", SampleTypes.SNAPSHOT, "mine", 0)).isEqualTo(FENCED);
      assertThat(b.publish(job, "2-2", SampleTypes.REJECTED, "next", 0)).isEqualTo(DELIVERED);
      here.until("2-1 snapshot new");
      here.expect("2-2 rejected next");
      there.until("2-1 snapshot new");
      there.expect("2-2 rejected next");
    }
  }

  @Test
  void anEventPublishedAgainIsDeliveredBecauseItMayNotHaveBeen() throws IOException {
    JOBS.running(job, 1, 0);
    publishOnA("1-1");
    // The event is in the log but was not delivered, as if the answer of Redis had been lost.
    StreamEvent event = new StreamEvent(job, new EventId(1, 2), SampleTypes.REJECTED, "r", 0);
    try (Watcher there = b.watch(job)) {
      a.context.getBean(RedisEventLog.class).append(event);
      assertThat(a.publish(event)).isEqualTo(DELIVERED);
      there.until("1-2 rejected r");
      assertThat(a.publish(event)).isEqualTo(DELIVERED);
      publishOnA("1-3");
      there.expect("1-3 rejected 1-3");
    }
  }

  @Test
  void inventedIdsReachNeitherRedisNorItsKeys() throws Exception {
    Set<String> before = Set.copyOf(commands.run.keys("*"));
    List<String> invented =
        IntStream.range(0, INVENTED).mapToObj(i -> UUID.randomUUID() + "-" + i).toList();
    Set<String> connections = commands.connectionsOf("b");
    try (RedisMonitor monitor = new RedisMonitor(redis.port);
        ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> requests =
          invented.stream().<Callable<Integer>>map(id -> () -> b.statusOf(id)).toList();
      for (Future<Integer> each : clients.invokeAll(requests)) {
        assertThat(each.get()).isEqualTo(404);
      }
      Set<String> texts = Set.copyOf(invented);
      assertThat(monitor.seen(commands))
          .filteredOn(each -> connections.contains(each.connection()))
          .noneMatch(
              each ->
                  Stream.of(each.text().split("[{}\" ]")).anyMatch(word -> texts.contains(word)));
    }
    assertThat(Set.copyOf(commands.run.keys("*"))).isSubsetOf(before);
  }

  @Test
  void anEventOfANewerVersionIsDeliveredUnderItsName() throws IOException {
    JOBS.running(job, 1, 0);
    publishOnA("1-1");
    try (Watcher there = b.watch(job)) {
      there.next();
      assertThat(a.publish(job, "1-2", EventType.of("chunk", Delivery.EACH), "c", 0))
          .isEqualTo(DELIVERED);
      there.expect("1-2 chunk c");
      // An entry with unknown fields, as a newer version may write it.
      commands.run.xadd(
          "waybill:{" + job + "}:events",
          new XAddArgs().id("1-3"),
          Map.of(
              "type",
              "LATER",
              "name",
              "later",
              "delivery",
              "TWICE",
              "data",
              "d",
              "position",
              "0",
              "more",
              "m"));
      publishOnA("1-4");
      there.expect("1-3 later d", "1-4 rejected 1-4");
    }
  }

  @Test
  void claimsComeAndGoWithTheEmitters() throws IOException {
    JOBS.running(job, 1, 0);
    String emitters = "waybill:{" + job + "}:emitters";
    String pods = "waybill:{" + job + "}:pods";
    try (Watcher one = a.watch(job);
        Watcher two = b.watch(job);
        Watcher three = b.watch(job)) {
      for (Watcher each : List.of(one, two, three)) {
        each.next();
      }
      assertThat(commands.run.hvals(emitters)).containsExactlyInAnyOrder(a.id, b.id, b.id);
      assertThat(commands.run.hgetall(pods)).isEqualTo(Map.of(a.id, "1", b.id, "2"));
      String emitter = b.registry.emittersOf(job).getFirst();
      assertThat(commands.run.hget(emitters, emitter)).isEqualTo(b.id);
    }
    await().until(() -> commands.run.keys("waybill:{" + job + "}:*").isEmpty());
  }

  @Test
  void lostClaimsAreWrittenAgainAndMissedEventsAreRead() throws IOException {
    JOBS.running(job, 1, 0);
    publishOnA("1-1");
    try (Watcher there = b.watch(job)) {
      there.next();
      commands.run.del("waybill:{" + job + "}:emitters", "waybill:{" + job + "}:pods");
      publishOnA("1-2", "1-3");
      there.expect("1-2 rejected 1-2", "1-3 rejected 1-3");
      await()
          .untilAsserted(
              () ->
                  assertThat(commands.run.hgetall("waybill:{" + job + "}:pods"))
                      .isEqualTo(Map.of(b.id, "1")));
    }
  }

  @Test
  void anOwnerCorrectsItsClaimsAndOthersOnlyThoseOfTheDead() throws IOException {
    JOBS.running(job, 1, 0);
    String emitters = "waybill:{" + job + "}:emitters";
    String pods = "waybill:{" + job + "}:pods";
    commands.run.hset(emitters, Map.of("x", "dead", "y", "dead", "z", b.id));
    commands.run.hset(pods, Map.of("dead", "2", b.id, "1"));
    try (Watcher here = a.watch(job)) {
      here.next();
      await().until(() -> !commands.run.hexists(pods, "dead"));
      assertThat(commands.run.hgetall(emitters)).containsEntry("z", b.id).doesNotContainKey("x");
      // When an event is forwarded to a pod without watchers, the pod notices that Redis still
      // lists it.
      publishOnA("1-1");
      await().until(() -> !commands.run.hexists(pods, b.id));
      assertThat(commands.run.hvals(emitters)).containsExactly(a.id);
    }
  }

  @Test
  void aPeerThatNeverAnswersCostsTheOthersNothing() throws Exception {
    JOBS.running(job, 1, 0);
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Watcher there = b.watch(job)) {
      there.next();
      commands.run.set("waybill:pod:deaf", "http://127.0.0.1:" + deaf.getLocalPort());
      commands.run.hset("waybill:{" + job + "}:pods", "deaf", "1");
      double failed = a.count("waybill.forwards.failed");
      String large = "x".repeat(200_000);
      a.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}", 1);
      for (int i = 2; i <= 60; i++) {
        a.publish(job, "1-" + i, SampleTypes.REJECTED, large, i);
        there.until("1-" + i + " rejected " + large);
      }
      await().until(() -> a.count("waybill.forwards.failed") > failed);
    } finally {
      commands.run.del("waybill:pod:deaf");
    }
  }

  @Test
  void aPodThatStopsLeavesTheDirectoryAndSendsItsWatchersAway() throws IOException {
    JOBS.running(job, 1, 0);
    TestPod c = new TestPod(redis.port, JOBS);
    try (Watcher there = c.watch(job)) {
      there.next();
      c.close();
      assertThat(there.next()).isEqualTo("end");
      assertThat(commands.run.keys("waybill:{" + job + "}:*")).isEmpty();
      assertThat(commands.run.exists("waybill:pod:" + c.id)).isZero();
    }
  }

  private static final Published DELIVERED = Published.DELIVERED;
  private static final Published FENCED = Published.FENCED;

  private void publishOnA(String... ids) {
    for (String id : ids) {
      EventType type = id.endsWith("-1") ? SampleTypes.SNAPSHOT : SampleTypes.REJECTED;
      assertThat(a.publish(job, id, type, id, 0)).isEqualTo(DELIVERED);
    }
  }
}
