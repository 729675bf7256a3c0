package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real backend on this machine, which Waybill calls as a worker. */
final class Backend implements AutoCloseable {

  /** What the backend does with one request. */
  interface Answer {
    void give(HttpExchange exchange) throws IOException, InterruptedException;
  }

  record Call(Headers headers, String body) {

    String token() {
      return headers.getFirst("X-Waybill-Worker-Token");
    }
  }

  final List<Call> calls = new CopyOnWriteArrayList<>();
  final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  final CountDownLatch goOn = new CountDownLatch(1);
  final CountDownLatch clientLeft = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  Backend(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    calls.add(new Call(exchange.getRequestHeaders(), body));
    Answer answer = answers.poll();
    try {
      (answer == null ? status(503) : answer).give(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Answer status(int status) {
    return exchange -> {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  /** A complete answer. */
  static Answer stream(String type, String... parts) {
    return exchange -> {
      OutputStream out = start(exchange, type);
      for (String part : parts) {
        out.write(part.getBytes(UTF_8));
        out.flush();
      }
      exchange.close();
    };
  }

  /** An answer that breaks off: fewer bytes than it announces. */
  static Answer broken(String type, String part) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write(part.getBytes(UTF_8));
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  /** An answer that goes on until the client leaves. */
  Answer endless(String type, String part) {
    return exchange -> {
      OutputStream out = start(exchange, type);
      try {
        while (true) {
          out.write(part.getBytes(UTF_8));
          out.flush();
          goOn.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
      } catch (IOException e) {
        clientLeft.countDown();
      }
    };
  }

  private static OutputStream start(HttpExchange exchange, String type) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
