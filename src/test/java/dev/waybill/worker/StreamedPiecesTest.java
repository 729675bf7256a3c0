package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.json.JsonMapper;

/** The pieces of a streamed answer, however the network divides it. */
class StreamedPiecesTest {

  private static List<String> pieces(String type, @Nullable String pick, String body, int step)
      throws IOException {
    StreamedPieces pieces =
        StreamedPieces.of(
                type, pick == null ? null : JsonPointer.compile(pick), JsonMapper.shared())
            .orElseThrow();
    List<String> all = new ArrayList<>();
    byte[] bytes = body.getBytes(UTF_8);
    for (int from = 0; from < bytes.length; from += step) {
      int to = Math.min(from + step, bytes.length);
      byte[] part = java.util.Arrays.copyOfRange(bytes, from, to);
      all.addAll(pieces.take(part, part.length));
    }
    all.addAll(pieces.end());
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void eachEventIsAPiece(int step) throws IOException {
    String body =
        ": hello\n\nevent: x\ndata: Dear\n\nid: 7\r\ndata:  Ada ✉\r\n\r\ndata: a\ndata: b\n\n"
            + "data\n\nretry: 5\n\ndata: last";

    assertThat(pieces("text/event-stream;charset=UTF-8", null, body, step))
        .containsExactly("Dear", " Ada ✉", "a\nb", "last");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 1000})
  void thePointerPicksTheTextAndSkipsWhatItDoesNotMatch(int step) throws IOException {
    String body =
        """
        data: {"choices":[{"delta":{"role":"assistant"}}]}

        data: {"choices":[{"delta":{"content":"Hel"}}]}

        data: {"choices":[{"delta":{"content":"lo"}}]}

        data: {"choices":[{"delta":{"content":null}}]}

        data: [DONE]

        """;

    assertThat(pieces("text/event-stream", "/choices/0/delta/content", body, step))
        .containsExactly("Hel", "lo");
  }

  @Test
  void eachLineOfNdjsonIsAPiece() throws IOException {
    String body = "{\"t\":\"a\"}\n\n{\"t\":1}\nno json\n{\"t\":{\"x\":2}}";

    assertThat(pieces("application/x-ndjson", "/t", body, 3))
        .containsExactly("a", "1", "{\"x\":2}");
    assertThat(pieces("application/x-ndjson", null, "1\n2", 3)).containsExactly("1\n", "2\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void eachRecordOfAJsonSequenceIsAPiece(int step) throws IOException {
    String body =
        "\u001E{\"t\":\"a\"}\n"
            + "\u001E{\n  \"t\": \"b}\\\"{\\\\\"\n}\n"
            + "\u001E{\"t\":\"cut o\u001E{\"t\":1}\n\u001E\n\u001E[2]\n\u001E{\"t\":\"last\"}";

    assertThat(pieces("application/json-seq", "/t", body, step))
        .containsExactly("a", "b}\"{\\", "1", "last");
    assertThat(pieces("application/json-seq", null, "\u001E{\"t\":1}\n\u001E2\n", step))
        .containsExactly("{\"t\":1}\n", "2\n");
  }

  @Test
  void aRecordOfAJsonSequenceDoesNotWaitForTheNextOne() throws IOException {
    StreamedPieces pieces =
        StreamedPieces.of("application/json-seq", null, JsonMapper.shared()).orElseThrow();
    byte[] first = "\u001E{\"t\":1}\n".getBytes(UTF_8);

    assertThat(pieces.take(first, first.length)).containsExactly("{\"t\":1}\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void plainTextKeepsItsCharactersWhole(int step) throws IOException {
    assertThat(String.join("", pieces("text/plain", null, "Grüße 👋 ✉\n", step)))
        .isEqualTo("Grüße 👋 ✉\n");
  }

  @Test
  void whatCannotBeStoredIsReplaced() throws IOException {
    assertThat(String.join("", pieces("text/plain", null, "a\0b", 9))).isEqualTo("a\uFFFDb");
  }

  @Test
  void aLongPieceBecomesSeveralChunks() throws IOException {
    String text = "👋".repeat(12_000);

    List<String> chunks = pieces("text/plain", null, text, 1 << 20);

    assertThat(String.join("", chunks)).isEqualTo(text);
    assertThat(chunks).allMatch(chunk -> chunk.length() <= 10_000);
  }

  @Test
  void aPieceHasALimit() {
    String body = "data: " + "x".repeat(StreamedPieces.LONGEST_PIECE + 1);

    assertThatThrownBy(() -> pieces("text/event-stream", null, body, 8192))
        .isInstanceOf(IOException.class);
  }

  @Test
  void otherAnswersAreNoStream() {
    assertThat(StreamedPieces.of("application/json", null, JsonMapper.shared())).isEmpty();
    assertThat(StreamedPieces.of("", null, JsonMapper.shared())).isEmpty();
  }
}
