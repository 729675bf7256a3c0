package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * An upload byte by byte, from an address of the loopback network, so that a test has several
 * callers.
 *
 * @param query with its {@code ?}, or empty
 * @param headers lines without line ends; the type of the content among them
 */
record RawUpload(String query, List<String> headers, byte[] body) {

  static RawUpload csv(byte[] body) {
    return new RawUpload("", List.of("Content-Type: text/csv"), body);
  }

  static RawUpload multipart(byte[] body, String... headers) {
    List<String> all = new java.util.ArrayList<>(List.of(headers));
    all.add("Content-Type: multipart/form-data; boundary=cut");
    return new RawUpload("", all, body);
  }

  /** Sends the whole upload and reads the answer. */
  RawAnswer send(String from, int port) throws IOException {
    try (Socket socket = open(from, port, body.length)) {
      try {
        socket.getOutputStream().write(body);
      } catch (IOException refusedWhileSending) {
        // The server refused while the body was being sent. Its answer can be read nevertheless.
      }
      return RawAnswer.parse(socket.getInputStream().readAllBytes(), false).getFirst();
    }
  }

  /** Sends the body, but announces that it is longer, so that the server waits for the rest. */
  Socket begin(String from, int port) throws IOException {
    Socket socket = open(from, port, body.length + 1_000_000L);
    socket.getOutputStream().write(body);
    return socket;
  }

  private Socket open(String from, int port, long length) throws IOException {
    Socket socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
    socket.setSoTimeout(60_000);
    StringBuilder head = new StringBuilder();
    head.append("POST /api/upload/csv").append(query).append(" HTTP/1.1\r\n");
    head.append("Host: localhost:").append(port).append("\r\n");
    head.append("Connection: close\r\nContent-Length: ").append(length).append("\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    socket.getOutputStream().write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    return socket;
  }

  /** Gzips a head and then many repetitions of a text. The result is small. */
  static byte[] gzip(String head, String repeated, int times) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(head.getBytes(UTF_8));
      int atOnce = Math.max(1, Math.min(times, 65_536 / Math.max(1, repeated.length())));
      byte[] block = repeated.repeat(atOnce).getBytes(UTF_8);
      for (int done = 0; done < times; done += atOnce) {
        gzip.write(block);
      }
    }
    return out.toByteArray();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
