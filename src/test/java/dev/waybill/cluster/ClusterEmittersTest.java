package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.problem.Problem;
import dev.waybill.stream.EmitterView;
import dev.waybill.stream.Emitters;
import dev.waybill.stream.FakeJobs;
import dev.waybill.stream.RawStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls for a connection that arrive at a pod which does not hold the connection. */
class ClusterEmittersTest {

  private static final FakeJobs JOBS = new FakeJobs();
  private static final StreamEvent HINT =
      new StreamEvent("", EventId.NOTHING, EventType.of("hint", Delivery.EACH), "{\"n\":1}", 0);

  private static TestRedis redis;
  private static TestRedis.Commands commands;
  private static TestPod a;
  private static TestPod b;

  private final String job = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    commands = redis.commands();
    a = new TestPod(redis.port, JOBS, "--waybill.stream.heartbeat=60s");
    b = new TestPod(redis.port, JOBS, "--waybill.stream.heartbeat=60s");
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    commands.close();
    redis.close();
  }

  @Test
  @Shows("emitters.pods")
  void anyPodFindsAndServesAConnection() throws Exception {
    JOBS.queued(job);
    try (RawStream stream = watchOn(b)) {
      stream.block();
      stream.block();
      String id = stream.headers.get("X-Waybill-Emitter");
      assertThat(commands.run.get("waybill:emitter:" + id)).isEqualTo(b.id);
      assertThat(commands.run.pttl("waybill:emitter:" + id)).isBetween(1L, 60_000L);

      assertThat(emitters(a).find(id)).map(EmitterView::pod).contains(b.id);
      assertThat(emitters(a).send(id, HINT)).isTrue();
      stream.expect("event: hint\ndata: {\"n\":1}\n\n");
      assertThat(emitters(a).close(id)).isTrue();
      assertThat(stream.rest()).endsWith("id: closed\nevent: waybill.closed\ndata: {}\n\n");

      await().until(() -> emitters(a).find(id).isEmpty());
      assertThat(emitters(a).send(id, HINT)).isFalse();
      await().until(() -> commands.run.exists("waybill:emitter:" + id) == 0);
    }
    assertThat(emitters(a).find(UUID.randomUUID().toString())).isEmpty();
  }

  @Test
  void aListHasTheConnectionsOfAllPodsInPages() throws Exception {
    JOBS.queued(job);
    try (RawStream one = watchOn(a);
        RawStream two = watchOn(b);
        RawStream three = watchOn(b)) {
      for (RawStream each : List.of(one, two, three)) {
        each.block();
      }
      await().until(() -> emitters(a).list(job, null, 10).items().size() == 3);
      Emitters.Part first = emitters(a).list(job, null, 2);
      assertThat(first.total()).isEqualTo(3);
      assertThat(first.more()).isTrue();
      assertThat(first.whole()).isTrue();
      Emitters.Part rest = emitters(b).list(job, first.items().getLast().emitterId(), 2);
      assertThat(rest.more()).isFalse();
      assertThat(rest.items()).hasSize(1).doesNotContainAnyElementsOf(first.items());
    }
  }

  @Test
  @Shows("emitters.unreachable")
  void anOwnerThatDoesNotAnswerIsReportedInTimeAndADeadOneIsGone() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String pod = "00000000000000ff";
      String id = UUID.randomUUID().toString();
      commands.run.set("waybill:emitter:" + id, pod);
      commands.run.sadd("waybill:pods", pod);
      commands.run.set("waybill:pod:" + pod, "http://127.0.0.1:" + silent.getLocalPort());

      assertUnreachable(() -> emitters(a).find(id));
      assertUnreachable(() -> emitters(a).send(id, HINT));
      assertUnreachable(() -> emitters(a).close(id));
      assertThat(emitters(a).list(null, null, 10).whole()).isFalse();

      commands.run.del("waybill:pod:" + pod);
      // The other pods use the removed address for some seconds more.
      await().ignoreExceptionsInstanceOf(Problem.class).until(() -> emitters(a).find(id).isEmpty());
      assertThat(emitters(a).list(null, null, 10).whole()).isTrue();
      assertThat(commands.run.sismember("waybill:pods", pod)).isFalse();
    }
  }

  @Test
  void withoutRedisAPodServesItsOwnConnectionsOnly() throws Exception {
    JOBS.queued(job);
    TestRedis own = new TestRedis();
    try (TestPod alone = new TestPod(own.port, JOBS)) {
      try (RawStream stream = watchOn(alone)) {
        stream.block();
        stream.block();
        String id = stream.headers.get("X-Waybill-Emitter");
        own.close();

        assertThat(emitters(alone).send(id, HINT)).isTrue();
        stream.expect("event: hint\ndata: {\"n\":1}\n\n");
        assertUnreachable(() -> emitters(alone).find(UUID.randomUUID().toString()));
        Emitters.Part part = emitters(alone).list(null, null, 10);
        assertThat(part.items()).extracting(EmitterView::emitterId).containsExactly(id);
        assertThat(part.whole()).isFalse();
      }
    }
  }

  private static void assertUnreachable(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    long since = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.getStatusCode().value()).isEqualTo(503);
              assertThat(problem.getBody().getType())
                  .hasToString("urn:waybill:problem:pod-unreachable");
            });
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(6));
  }

  private static Emitters emitters(TestPod pod) {
    return pod.context.getBean(Emitters.class);
  }

  private RawStream watchOn(TestPod pod) throws Exception {
    return RawStream.open(pod.port, "GET", "/api/jobs/" + job + "/events", 0);
  }
}
