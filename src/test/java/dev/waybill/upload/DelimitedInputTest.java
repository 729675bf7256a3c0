package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimitedInputTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000})
  void findsEveryDelimiterWhereverReadsCutIt(int atATime) throws IOException {
    DelimitedInput input = input("abc--x--x-x----x-y--xend--", "--x", atATime);
    assertThat(read(input)).isEqualTo("abc");
    assertThat(read(input)).isEmpty();
    assertThat(input.next()).isEqualTo('-');
    assertThat(read(input)).isEqualTo("x--");
    assertThat(read(input)).isEqualTo("-y");
    assertThatThrownBy(() -> read(input)).isInstanceOf(MultipartBody.Malformed.class);
  }

  @Test
  void agreesWithASimpleSearchOnLongRandomBodies() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      StringBuilder body = new StringBuilder();
      int length = 200_000 + random.nextInt(200_000);
      while (body.length() < length) {
        body.append(random.nextInt(2000) == 0 ? "\r\n--cut" : "\r\n-cut".charAt(random.nextInt(6)));
      }
      String delimiter = "\r\n--cut";
      String text = body + delimiter;
      int from = 0;
      DelimitedInput input = input(text, delimiter, 1 + random.nextInt(20_000));
      while (from < text.length()) {
        int to = text.indexOf(delimiter, from);
        assertThat(read(input)).isEqualTo(text.substring(from, to));
        from = to + delimiter.length();
      }
      assertThat(input.next()).isEqualTo(-1);
    }
  }

  private static String read(DelimitedInput input) throws IOException {
    return new String(input.stretch().readAllBytes(), ISO_8859_1);
  }

  private static DelimitedInput input(String text, String delimiter, int atATime) {
    InputStream slow =
        new ByteArrayInputStream(text.substring(2).getBytes(ISO_8859_1)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, atATime));
          }
        };
    return new DelimitedInput(
        text.substring(0, 2).getBytes(ISO_8859_1), slow, delimiter.getBytes(ISO_8859_1));
  }
}
