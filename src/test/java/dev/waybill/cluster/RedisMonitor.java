package dev.waybill.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records all commands that a Redis receives from now on, with its MONITOR command. */
final class RedisMonitor implements AutoCloseable {

  /**
   * A line has the time, the client's address or {@code lua}, and the command with quoted
   * arguments.
   */
  private static final Pattern LINE = Pattern.compile("\\+\\S+ \\[\\d+ (\\S+)] (.*)");

  private final Socket socket;
  private final BufferedReader lines;

  /**
   * One command that Redis received.
   *
   * @param connection the client's address; {@code lua} if a script called it
   */
  record Command(String connection, String text) {}

  RedisMonitor(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(5000);
    lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    socket.getOutputStream().write("MONITOR\r\n".getBytes(UTF_8));
    lines.readLine();
  }

  /** The commands received so far. */
  List<Command> seen(TestRedis.Commands commands) throws IOException {
    String now = UUID.randomUUID().toString();
    commands.run.echo(now);
    List<Command> seen = new ArrayList<>();
    for (String line = lines.readLine(); !line.contains(now); line = lines.readLine()) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IllegalStateException("not a line of MONITOR: " + line);
      }
      seen.add(new Command(parts.group(1), parts.group(2)));
    }
    return seen;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
