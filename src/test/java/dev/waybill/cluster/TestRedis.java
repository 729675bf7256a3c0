package dev.waybill.cluster;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.stream.Collectors;
import redis.embedded.RedisServer;

/** A real Redis on a free port. It loses all data when it is stopped. */
final class TestRedis implements AutoCloseable {

  final int port = freePort();
  private final RedisServer server;
  private final RedisClient client;

  TestRedis() {
    try {
      server =
          RedisServer.newRedisServer()
              .port(port)
              .bind("127.0.0.1")
              .setting("save \"\"")
              .setting("appendonly no")
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client = RedisClient.create(RedisURI.create("127.0.0.1", port));
    start();
  }

  void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a connection that no pod uses. The caller closes it. */
  Commands commands() {
    return new Commands(client);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.shutdown();
    stop();
  }

  static final class Commands implements AutoCloseable {

    final RedisCommands<String, String> run;
    private final StatefulRedisConnection<String, String> connection;

    private Commands(RedisClient client) {
      connection = client.connect();
      run = connection.sync();
    }

    /** The addresses of all connections that a client with this name has to Redis. */
    Set<String> connectionsOf(String clientName) {
      return run.clientList()
          .lines()
          .filter(client -> client.contains(" name=" + clientName + " "))
          .map(client -> client.replaceFirst(".* addr=(\\S+) .*", "$1"))
          .collect(Collectors.toSet());
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
