package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Divides a worker's streamed response into pieces. A piece is an SSE event, a line of NDJSON, a
 * record of a JSON text sequence (RFC 7464), or plain text as it arrives. Each piece becomes a
 * chunk of output, or several chunks if it is long. Only one thread may use an instance.
 */
final class StreamedPieces {

  static final int LONGEST_PIECE = 1 << 20;

  /**
   * The maximum length of a chunk, in characters. A chunk is sent as one event. The size of an
   * event in bytes is limited, and a character can take up to six bytes in JSON.
   */
  private static final int LONGEST_CHUNK = 10_000;

  /** The byte that starts each record of a JSON text sequence. */
  private static final byte RECORD_SEPARATOR = 0x1E;

  private enum Form {
    EVENTS,
    LINES,
    RECORDS,
    TEXT
  }

  private final Form form;
  private final @Nullable JsonPointer pick;
  private final JsonMapper json;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private final List<String> pieces = new ArrayList<>();
  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer undecoded = ByteBuffer.allocate(0);
  private boolean hasData;
  private boolean afterCarriageReturn;

  /** The number of open JSON objects and arrays in the current record. */
  private int depth;

  private boolean inString;
  private boolean afterBackslash;

  private StreamedPieces(Form form, @Nullable JsonPointer pick, JsonMapper json) {
    this.form = form;
    this.pick = pick;
    this.json = json;
  }

  /**
   * Creates an instance for a content type. Returns empty if the content type is not SSE, NDJSON, a
   * JSON text sequence or plain text.
   */
  static Optional<StreamedPieces> of(
      String contentType, @Nullable JsonPointer pick, JsonMapper json) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    Form form =
        switch (type) {
          case "text/event-stream" -> Form.EVENTS;
          case "application/x-ndjson",
              "application/ndjson",
              "application/jsonl",
              "application/x-jsonlines" ->
              Form.LINES;
          case "application/json-seq" -> Form.RECORDS;
          default -> type.startsWith("text/") ? Form.TEXT : null;
        };
    return form == null ? Optional.empty() : Optional.of(new StreamedPieces(form, pick, json));
  }

  /**
   * Takes the next bytes of the response.
   *
   * @return the chunks that these bytes complete
   * @throws IOException if a piece is too long
   */
  List<String> take(byte[] bytes, int length) throws IOException {
    if (form == Form.TEXT) {
      decode(bytes, length, false);
    } else {
      for (int i = 0; i < length; i++) {
        if (form == Form.RECORDS) {
          takeByteOfRecord(bytes[i]);
        } else {
          takeByte(bytes[i]);
        }
      }
    }
    return drain();
  }

  /** Handles the end of the response. Text after the last line end is also a piece. */
  List<String> end() throws IOException {
    if (form == Form.TEXT) {
      decode(new byte[0], 0, true);
    } else {
      if (line.size() > 0) {
        endOfLine();
      }
      endOfEvent();
    }
    return drain();
  }

  private List<String> drain() {
    List<String> chunks = List.copyOf(pieces);
    pieces.clear();
    return chunks;
  }

  private void takeByte(byte next) throws IOException {
    boolean endsCarriageReturn = afterCarriageReturn && next == '\n';
    afterCarriageReturn = next == '\r';
    if (endsCarriageReturn) {
      return;
    }
    if (next == '\n' || next == '\r') {
      endOfLine();
      return;
    }
    keep(next);
  }

  private void keep(byte next) throws IOException {
    line.write(next);
    if (line.size() > LONGEST_PIECE) {
      throw new IOException("a piece of the answer is too long");
    }
  }

  /**
   * Takes one byte of a JSON text sequence. A record ends at the first line end after its JSON
   * value is complete. So the piece of the record is available before the next record starts. If
   * the JSON value is truncated, the record ends at the next record separator.
   */
  private void takeByteOfRecord(byte next) throws IOException {
    if (next == RECORD_SEPARATOR || (next == '\n' && depth == 0 && !inString)) {
      endOfLine();
      depth = 0;
      inString = false;
      afterBackslash = false;
      return;
    }
    keep(next);
    if (inString) {
      inString = next != '"' || afterBackslash;
      afterBackslash = next == '\\' && !afterBackslash;
    } else if (next == '"') {
      inString = true;
    } else if (next == '{' || next == '[') {
      depth++;
    } else if (next == '}' || next == ']') {
      depth--;
    }
  }

  private void endOfLine() throws IOException {
    String text = line.toString(UTF_8);
    line.reset();
    if (form == Form.LINES || form == Form.RECORDS) {
      if (!text.isBlank()) {
        add(pick == null ? text + "\n" : picked(text));
      }
    } else if (text.isEmpty()) {
      endOfEvent();
    } else if (text.equals("data") || text.startsWith("data:")) {
      String value = text.substring(Math.min(text.length(), 5));
      data.append(hasData ? "\n" : "").append(value.startsWith(" ") ? value.substring(1) : value);
      hasData = true;
      if (data.length() > LONGEST_PIECE) {
        throw new IOException("a piece of the answer is too long");
      }
    }
  }

  private void endOfEvent() {
    if (hasData) {
      String text = data.toString();
      add(pick == null ? text : picked(text));
    }
    data.setLength(0);
    hasData = false;
  }

  /**
   * The text to which the JSON pointer refers in a piece. Pieces without such a text, for example
   * {@code [DONE]}, are skipped.
   */
  private String picked(String text) {
    try {
      JsonNode node = json.readTree(text);
      JsonNode found = node == null || pick == null ? null : node.at(pick);
      if (found == null || found.isMissingNode() || found.isNull()) {
        return "";
      }
      return found.isValueNode() ? found.asString() : found.toString();
    } catch (JacksonException e) {
      return "";
    }
  }

  private void decode(byte[] bytes, int length, boolean end) {
    ByteBuffer all = ByteBuffer.allocate(undecoded.remaining() + length);
    all.put(undecoded).put(bytes, 0, length).flip();
    CharBuffer text = CharBuffer.allocate(all.remaining() + 1);
    decoder.decode(all, text, end);
    if (end) {
      decoder.flush(text);
    }
    undecoded = all;
    add(text.flip().toString());
  }

  /**
   * Adds a piece to the chunks, and splits a long piece. Replaces NUL, because the database cannot
   * store NUL in a text. Never splits a surrogate pair.
   */
  private void add(String text) {
    String storable = text.replace('\0', '\uFFFD');
    int from = 0;
    while (from < storable.length()) {
      int to = Math.min(from + LONGEST_CHUNK, storable.length());
      if (to < storable.length() && Character.isHighSurrogate(storable.charAt(to - 1))) {
        to--;
      }
      pieces.add(storable.substring(from, to));
      from = to;
    }
  }
}
