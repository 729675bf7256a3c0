package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that occupy connections, against the packaged service with a small heap. The service ends
 * if its heap is exhausted. Meanwhile another client must get its answers.
 */
class HostileConnectionsIT {

  private static final String ATTACKER = "127.0.0.66";
  private static final long LOG_BYTES = 20_000;

  /**
   * The time in which the service must serve some thousand simultaneous requests on a busy machine.
   */
  private static final Duration BURST = Duration.ofSeconds(40);

  @TempDir private static Path folder;
  private static ServiceUnderStress service;
  private static String id;
  private final List<HostileClients> attackers = new ArrayList<>();
  private CompletableFuture<Void> opening = CompletableFuture.completedFuture(null);

  @BeforeAll
  static void start() throws Exception {
    service =
        ServiceUnderStress.start(
            folder.resolve("data"),
            ServiceUnderStress.NOTHING,
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    service.awaitReadiness(200);
    id = service.upload("sku,name\nA1,Chair\n");
    service.awaitEnd(id, Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
  }

  @AfterEach
  void leave() {
    attackers.forEach(HostileClients::close);
  }

  @Test
  void thousandsOfHalfHeadsThatGrowByAByteEndAtTheirDeadline() throws Exception {
    long logged = service.logBytes();
    HostileClients heads = attack("GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nX-Pad: a", 8_000);
    heads.trickle("a", 3_000);

    serveOthersFor(Duration.ofSeconds(14));

    assertThat(heads.stillOpen()).as("half heads after their deadline").isZero();
    assertThat(service.logBytes() - logged).isLessThan(LOG_BYTES);
  }

  /**
   * The head stops after its first byte, in the request line, in the name of a header, in its
   * value, or behind blank lines.
   */
  @Test
  void aHeadIsLateWhereverItStops() throws Exception {
    List<HostileClients> heads = new ArrayList<>();
    for (String start :
        List.of(
            "G",
            "GET /api/jobs",
            "GET /api/jobs HTTP/1.1\r\n",
            "GET /api/jobs HTTP/1.1\r\nHost",
            "GET /api/jobs HTTP/1.1\r\nHost: localhost\r\n",
            "\r\n\r\nG")) {
      heads.add(attack(start, 20));
      heads.getLast().trickle("a", 1_000);
    }

    serveOthersFor(Duration.ofSeconds(5));
    assertThat(heads).as("before the deadline").allMatch(clients -> clients.stillOpen() == 20);
    Awaitility.await("unfinished heads are closed")
        .atMost(14, TimeUnit.SECONDS)
        .until(() -> heads.stream().allMatch(clients -> clients.stillOpen() == 0));
  }

  @Test
  void thousandsOfSilentConnectionsMakeRoomForOthers() throws Exception {
    HostileClients silent = attack("", 8_000);

    serveOthersFor(Duration.ofSeconds(4));

    assertThat(silent.stillOpen()).isLessThan(4_000);
  }

  @Test
  void thousandsOfIdleConnectionsMakeRoomForOthers() throws Exception {
    HostileClients idle = attack("GET /waybill.svg HTTP/1.1\r\nHost: localhost\r\n\r\n", 8_000);

    serveOthersFor(Duration.ofSeconds(4));

    assertThat(idle.stillOpen()).isLessThan(4_000);
  }

  @Test
  void smallBodiesThatTrickleDoNotHoldThreads() throws Exception {
    long threads = service.threads();
    List<HostileClients> bodies = new ArrayList<>();
    for (String start :
        List.of(
            "GET /api/jobs/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
            "DELETE /api/jobs/x HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "ffff\r\n",
            "PUT /nothing HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 1000\r\n\r\n"
                + "a=",
            "POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 50\r\n\r\n{")) {
      bodies.add(attack(start, 800));
      bodies.getLast().trickle("a", 500);
    }

    serveOthersFor(Duration.ofSeconds(4));

    Awaitility.await("the bodies are given up")
        .atMost(45, TimeUnit.SECONDS)
        .until(() -> bodies.stream().allMatch(clients -> clients.stillOpen() == 0));
    assertThat(service.threads()).isLessThan(threads + 50);
  }

  @Test
  void thousandsOfPollsThatWaitLeaveRoomForOthers() throws Exception {
    HostileClients polls =
        attack(
            "GET /api/jobs/" + id + " HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n\r\n",
            3_000);

    serveOthersFor(Duration.ofSeconds(4));
    polls.stillOpen();
  }

  @Test
  void answersThatNobodyReadsLeaveRoomForOthers() throws Exception {
    attack("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(8), 1_000);

    serveOthersFor(Duration.ofSeconds(4));
  }

  private HostileClients attack(String start, int count) {
    HostileClients clients = new HostileClients(service.port(), ATTACKER);
    attackers.add(clients);
    CompletableFuture<Void> these = CompletableFuture.runAsync(() -> clients.open(count, start));
    opening = CompletableFuture.allOf(opening, these);
    return clients;
  }

  /**
   * Sends requests on new connections, because connections are what can run out. While thousands of
   * requests arrive at the same time, every answer must come. After that, answers must come within
   * a second.
   */
  private void serveOthersFor(Duration time) throws Exception {
    long burst = System.nanoTime() + BURST.toNanos();
    while (!opening.isDone() || serve() > 1_000) {
      assertThat(System.nanoTime()).as("end of the burst").isLessThan(burst);
      serve();
    }
    List<Long> millis = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      millis.add(serve());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    Collections.sort(millis);
    System.out.println("HostileConnectionsIT: ms for another caller: " + millis);
    assertThat(millis.get(millis.size() / 2)).as("median of %s", millis).isLessThan(1_000);
  }

  /** Returns how many milliseconds it took. */
  private static long serve() throws Exception {
    long start = System.nanoTime();
    int status = service.statusOnNewConnection("/actuator/health/liveness");
    assertThat(service.isAlive()).isTrue();
    assertThat(status).isEqualTo(200);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
