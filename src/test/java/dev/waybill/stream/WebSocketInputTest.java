package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketInputTest {

  private static final int FIN = 0x80;

  private final List<String> calls = new ArrayList<>();
  private final WebSocketInput input =
      new WebSocketInput(
          new WebSocketInput.Listener() {
            @Override
            public void ping(byte[] payload) {
              calls.add("ping " + new String(payload, StandardCharsets.UTF_8));
            }

            @Override
            public void close(int code, boolean byClient) {
              calls.add((byClient ? "client closes " : "close ") + code);
            }
          });

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 4096})
  void theSameIsReadHoweverTheBytesAreCut(int size) {
    byte[] all =
        bytes(
            frame(FIN | 0x1, "a message"),
            frame(FIN | 0x9, "p1"),
            frame(0x1, "x".repeat(500)),
            frame(FIN | 0x9, "within a message"),
            frame(0x0, "x".repeat(500)),
            frame(FIN | 0x0, "x".repeat(24)),
            frame(FIN | 0xA, "a pong"),
            frame(FIN | 0x2, "x".repeat(1024)),
            frame(FIN | 0x9, ""),
            WebSocketAsSse.masked(FIN | 0x8, new byte[] {3, (byte) 0xE9}),
            frame(FIN | 0x9, "after the end"));
    for (int at = 0; at < all.length; at += size) {
      byte[] part = Arrays.copyOfRange(all, at, Math.min(all.length, at + size));
      input.take(part, part.length);
    }
    assertThat(calls)
        .containsExactly("ping p1", "ping within a message", "ping ", "client closes 1001");
  }

  @Test
  void aMessageOfMoreThan1KbIsTooBigBeforeItHasArrived() {
    take(new byte[] {(byte) (FIN | 0x1), (byte) 0xFE, 4, 1, 0, 0, 0, 0});
    assertThat(calls).containsExactly("close 1009");
  }

  @Test
  void soIsOneOfManyFragments() {
    for (int i = 0; i < 5; i++) {
      take(frame(i == 0 ? 0x1 : 0x0, "x".repeat(250)));
    }
    assertThat(calls).containsExactly("close 1009");
  }

  @Test
  void aLengthOf64BitsIsReadAsSuch() {
    take(new byte[] {(byte) (FIN | 0x2), (byte) 0xFF, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    assertThat(calls).containsExactly("close 1009");
  }

  @ParameterizedTest
  @CsvSource({
    "81 05, not masked",
    "C1 80 00 00 00 00, a reserved bit",
    "83 80 00 00 00 00, an unknown opcode",
    "8B 80 00 00 00 00, an unknown opcode",
    "80 80 00 00 00 00, a continuation of nothing",
    "09 80 00 00 00 00, a ping in fragments",
    "89 FE 00 7E 00 00 00 00, a ping of 126 bytes",
    "82 FF 80 00 00 00 00 00 00 00 00 00 00 00, a negative length",
    "01 80 00 00 00 00 81 80 00 00 00 00, a message within another"
  })
  void whatNoClientMaySendIsAnError(String hex, String what) {
    take(HexFormat.ofDelimiter(" ").parseHex(hex));
    assertThat(calls).as(what).containsExactly("close 1002");
  }

  @ParameterizedTest
  @CsvSource({"03E8, 1000", "0FA0, 4000", "03ED, 1002", "0000, 1002", "1388, 1002", "03, 1002"})
  void aCloseFrameIsAnsweredWithItsCodeIfThatIsOne(String payload, int answer) {
    take(WebSocketAsSse.masked(FIN | 0x8, HexFormat.of().parseHex(payload)));
    assertThat(calls).containsExactly("client closes " + answer);
  }

  private void take(byte[] bytes) {
    input.take(bytes, bytes.length);
  }

  private static byte[] frame(int firstByte, String payload) {
    return WebSocketAsSse.masked(firstByte, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }
}
