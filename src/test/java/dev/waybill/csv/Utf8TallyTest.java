package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csv.Utf8Tally.Count;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8TallyTest {

  @Test
  void everyCharacterIsOneSequence() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        byte[] bytes = Character.toString(c).getBytes(UTF_8);
        Utf8Tally tally = new Utf8Tally();
        tally.update(bytes, 0, bytes.length);
        assertThat(tally.finish()).isEqualTo(new Count(c < 0x80 ? 0 : 1, 0));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "C080, 0, 2", // overlong
    "C1BF, 0, 2",
    "E09FBF, 0, 3",
    "F08FBFBF, 0, 4",
    "EDA080, 0, 3", // a surrogate
    "F4908080, 0, 4", // above U+10FFFF
    "F5808080, 0, 4",
    "80, 0, 1",
    "FF, 0, 1",
    "C3, 0, 1", // broken off by the end
    "E282, 0, 2",
    "F09F8D, 0, 3",
    "E282C3A9, 1, 2", // broken off by the next one
    "E28241, 0, 2",
    "C3A9FFC3A9, 2, 1",
  })
  void countsBadBytesOneByOne(String hex, long sequences, long badBytes) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    Utf8Tally tally = new Utf8Tally();
    tally.update(bytes, 0, bytes.length);
    assertThat(tally.finish()).isEqualTo(new Count(sequences, badBytes));
  }

  @Test
  void piecesMakeNoDifference() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = ("plain ascii text".repeat(random.nextInt(4)) + "é漢🍎é").getBytes(UTF_8);
      for (int b = 0; b < bytes.length; b += 1 + random.nextInt(20)) {
        bytes[b] = (byte) random.nextInt(256);
      }
      Utf8Tally whole = new Utf8Tally();
      whole.update(bytes, 0, bytes.length);
      Utf8Tally pieces = new Utf8Tally();
      int from = 0;
      while (from < bytes.length) {
        int length = Math.min(bytes.length - from, random.nextInt(12));
        pieces.update(bytes, from, length);
        from += length;
      }
      assertThat(pieces.finish()).isEqualTo(whole.finish());
    }
  }
}
