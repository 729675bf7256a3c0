package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One answer as it was received.
 *
 * @param headers by name in lower case; repeated ones are joined by a comma
 */
record RawAnswer(int status, Map<String, String> headers, String body) {

  /**
   * All answers of one connection, without interim ones.
   *
   * @param ofHead whether the first request was a HEAD, whose answer has no body
   * @throws IllegalArgumentException if the bytes are not HTTP, or end within an answer
   */
  static List<RawAnswer> parse(byte[] bytes, boolean ofHead) {
    Reader reader = new Reader(new String(bytes, ISO_8859_1));
    List<RawAnswer> answers = new ArrayList<>();
    while (!reader.atEnd()) {
      RawAnswer answer =
          answers.isEmpty() || reader.hasHead()
              ? reader.answer(ofHead && answers.isEmpty())
              : reader.answerWithoutHead();
      if (answer.status() >= 200) {
        answers.add(answer);
      }
    }
    return answers;
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    boolean atEnd() {
      return at == text.length();
    }

    boolean hasHead() {
      return text.startsWith("HTTP/", at);
    }

    /**
     * The answer to a request line without a version. Such an answer, in HTTP/0.9, is a body
     * without a head.
     */
    RawAnswer answerWithoutHead() {
      String body = take(text.length() - at);
      if (!body.startsWith("{\"type\":\"urn:waybill:problem:")) {
        throw new IllegalArgumentException("neither a head nor a problem: " + tail());
      }
      return new RawAnswer(400, Map.of(), new String(body.getBytes(ISO_8859_1), UTF_8));
    }

    RawAnswer answer(boolean ofHead) {
      String first = line();
      if (!first.matches("HTTP/1\\.1 \\d{3} .*")) {
        throw new IllegalArgumentException("no status line: " + first);
      }
      int status = Integer.parseInt(first.substring(9, 12));
      Map<String, String> headers = new TreeMap<>();
      for (String line; !(line = line()).isEmpty(); ) {
        int colon = line.indexOf(':');
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
      }
      boolean bodiless = status < 200 || status == 204 || status == 304 || ofHead;
      String body =
          bodiless
              ? ""
              : headers.containsKey("transfer-encoding")
                  ? chunks()
                  : headers.containsKey("content-length")
                      ? take(Integer.parseInt(headers.get("content-length")))
                      : take(text.length() - at);
      return new RawAnswer(status, headers, new String(body.getBytes(ISO_8859_1), UTF_8));
    }

    private String chunks() {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int length; (length = Integer.parseInt(line(), 16)) > 0; line()) {
        body.writeBytes(take(length).getBytes(ISO_8859_1));
      }
      line();
      return body.toString(ISO_8859_1);
    }

    private String line() {
      int end = text.indexOf("\r\n", at);
      if (end < 0) {
        throw new IllegalArgumentException("broke off after: " + tail());
      }
      String line = text.substring(at, end);
      at = end + 2;
      return line;
    }

    private String take(int length) {
      if (at + length > text.length()) {
        throw new IllegalArgumentException("broke off after: " + tail());
      }
      at += length;
      return text.substring(at - length, at);
    }

    private String tail() {
      return text.substring(Math.max(0, text.length() - 200));
    }
  }
}
