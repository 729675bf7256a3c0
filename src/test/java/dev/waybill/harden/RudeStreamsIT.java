package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that open streams and leave in rude ways, many times over. */
class RudeStreamsIT {

  private static final int TIMES = 3000;

  /** How many streams are opened at the same time; some of them are refused. */
  private static final int AT_ONCE = 30;

  /**
   * How much more the service may use at the end than at the start. The JVM starts and ends threads
   * of its own.
   */
  private static final Footprint TOLERANCE = new Footprint(16 << 20, 8, 8, 0);

  private enum Rudeness {
    /** Resets the connection right after the request. */
    RESET_AT_ONCE {
      @Override
      void leave(Socket socket, String job) throws IOException {
        request(socket, job, "HTTP/1.1");
        socket.setSoLinger(true, 0);
      }
    },
    /** The same by HTTP/1.0, where the end of the connection is the end of the response. */
    RESET_BY_HTTP_1_0 {
      @Override
      void leave(Socket socket, String job) throws IOException {
        request(socket, job, "HTTP/1.0");
        socket.setSoLinger(true, 0);
      }
    },
    /** Resets in the middle of the request's head. */
    RESET_IN_HEAD {
      @Override
      void leave(Socket socket, String job) throws IOException {
        send(socket, "GET /api/jobs/" + job + "/events HTTP/1.1\r\nHost: loc");
        socket.setSoLinger(true, 0);
      }
    },
    /** Declares a body, sends half of it and resets after the first bytes of the answer. */
    RESET_IN_BODY {
      @Override
      void leave(Socket socket, String job) throws IOException {
        send(
            socket,
            "GET /api/jobs/%s/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello"
                .formatted(job));
        readSome(socket);
        socket.setSoLinger(true, 0);
      }
    },
    /** Closes its sending side, reads a little and closes without reading the rest. */
    HALF_CLOSE {
      @Override
      void leave(Socket socket, String job) throws IOException {
        request(socket, job, "HTTP/1.1");
        socket.shutdownOutput();
        readSome(socket);
      }
    },
    /** Watches for a moment, sends what nobody asked for, and resets. */
    RESET_LATER {
      @Override
      void leave(Socket socket, String job) throws IOException {
        request(socket, job, "HTTP/1.1");
        readSome(socket);
        send(socket, "GET / HTTP/1.1\r\n");
        socket.setSoLinger(true, 0);
      }
    };

    /** Requests the job's stream and does everything except closing the socket. */
    abstract void leave(Socket socket, String job) throws IOException;

    static void request(Socket socket, String job, String version) throws IOException {
      send(socket, "GET /api/jobs/%s/events %s\r\nHost: localhost\r\n\r\n".formatted(job, version));
    }

    static void send(Socket socket, String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    static void readSome(Socket socket) throws IOException {
      InputStream in = socket.getInputStream();
      assertThat(in.read(new byte[64])).isPositive();
    }
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"emitter", "socket"})
  @Shows("stream.nothing-left")
  void nothingIsLeftOfClientsThatLeaveInRudeWays(String transport) throws Exception {
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            folder.resolve("data"),
            ServiceUnderStress.NOTHING,
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
            "--waybill.stream.transport=" + transport,
            "--waybill.stream.heartbeat=200ms",
            "--waybill.stream.max-emitters=" + AT_ONCE / 2,
            "--waybill.stream.max-per-address=" + AT_ONCE / 2,
            "--server.tomcat.connection-timeout=2s",
            "--waybill.import.chunk-rows=1")) {
      String running = service.upload(rows(200_000));
      String queued = service.upload(rows(10));
      openAndLeave(service.port(), List.of(running, queued), 20 * AT_ONCE);
      awaitNoEmitters(service);
      Footprint before = Footprint.of(service);

      openAndLeave(service.port(), List.of(running, queued), TIMES);

      awaitNoEmitters(service);
      Awaitility.await("what was taken is given back")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> Footprint.of(service).assertAtMost(before, TOLERANCE));
      assertThat(service.log()).doesNotContain("\tat ");
      service.delete("/api/jobs/" + running);
      long start = System.nanoTime();
      service.stop();
      Duration stop = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf("RudeStreamsIT: %s stopped in %d ms%n", transport, stop.toMillis());
      assertThat(stop).isLessThan(Duration.ofSeconds(6));
    }
  }

  private static String rows(int count) {
    StringBuilder csv = new StringBuilder("sku,name\n");
    for (int i = 0; i < count; i++) {
      csv.append('R').append(i).append(",Chair\n");
    }
    return csv.toString();
  }

  private static void openAndLeave(int port, List<String> jobs, int times) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all =
          IntStream.range(0, times)
              .<Future<?>>mapToObj(
                  i -> clients.submit(() -> openAndLeave(port, jobs, new Random(i))))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static Void openAndLeave(int port, List<String> jobs, Random random) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(30_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      Rudeness[] all = Rudeness.values();
      Rudeness one = all[random.nextInt(all.length)];
      try {
        one.leave(socket, jobs.get(random.nextInt(jobs.size())));
      } catch (IOException e) {
        throw new IOException(one.toString(), e);
      }
    }
    return null;
  }

  private static void awaitNoEmitters(ServiceUnderStress service) {
    Awaitility.await("no emitter is left")
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                service
                    .get("/actuator/prometheus")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("waybill_emitters{"))
                    .allMatch(line -> line.endsWith(" 0.0")));
  }
}
