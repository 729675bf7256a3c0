package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.csv.CsvRecord.Complete;
import dev.waybill.csv.Damage.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files made to cost much time or memory. If the reader searched to the end again for every line,
 * they would take hours.
 */
@Timeout(60)
class CsvReaderScaleTest {

  private static final CsvFormat FORMAT = new CsvFormat(UTF_8, Delimiter.COMMA);

  private record Seen(long complete, long damaged) {}

  @Test
  @Shows("damage.linear")
  void everyLineOpensAQuoteBothWays() throws IOException {
    assertThat(read("a,b\n" + "x\",\"\n".repeat(400_000))).isEqualTo(new Seen(0, 400_000));
  }

  @Test
  @Shows("damage.linear")
  void everyLineOpensAQuoteUnderAWideHeader() throws IOException {
    String header = "a" + ",b".repeat(999) + "\n";
    assertThat(read(header + "x\",\"\n".repeat(400_000))).isEqualTo(new Seen(0, 400_000));
  }

  @Test
  @Shows("damage.linear")
  void everyLineOpensAQuoteThatNothingCloses() throws IOException {
    assertThat(read("a,b\n" + "x,\"y\"\"\n".repeat(399_999) + "x,\"y\n"))
        .isEqualTo(new Seen(0, 400_000));
  }

  @Test
  @Shows({"damage.linear", "damage.unclosed-quote"})
  void quoteThatIsNeverClosedCostsOneRow() throws IOException {
    assertThat(read("a,b\n1,\"\n" + "1,some text without a quote\n".repeat(500_000)))
        .isEqualTo(new Seen(500_000, 1));
  }

  @Test
  @Shows({"damage.max-size", "damage.original-cut"})
  void lineOf300MBIsOneRowInLittleMemory() throws IOException {
    long length = 300_000_000;
    ByteSource file =
        offset ->
            new SequenceInputStream(
                CsvBytes.of("a\n").open(0),
                new SequenceInputStream(repeated('x', length), CsvBytes.of("\n2\n").open(0)));
    try (CsvReader reader = CsvReader.open(file, length + 5, FORMAT, CsvLimits.DEFAULTS)) {
      CsvRecord record = reader.next();
      assertThat(((CsvRecord.Damaged) record).damages())
          .extracting(Damage::code)
          .containsExactly(Code.RECORD_TOO_LARGE);
      assertThat(record.original()).hasSize(64 << 10);
      assertThat(record.originalCut()).isTrue();
      assertThat(reader.next()).extracting(CsvRecord::original).isEqualTo("2");
      assertThat(reader.next()).isNull();
    }
  }

  private static Seen read(String text) throws IOException {
    byte[] file = text.getBytes(UTF_8);
    long complete = 0;
    long damaged = 0;
    try (CsvReader reader =
        CsvReader.open(CsvBytes.of(file), file.length, FORMAT, CsvLimits.DEFAULTS)) {
      for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
        if (record instanceof Complete) {
          complete++;
        } else {
          damaged++;
        }
      }
    }
    return new Seen(complete, damaged);
  }

  private static InputStream repeated(char c, long length) {
    return new InputStream() {
      private long left = length;

      @Override
      public int read() {
        return left-- > 0 ? c : -1;
      }

      @Override
      public int read(byte[] into, int offset, int count) {
        if (left <= 0) {
          return -1;
        }
        int read = (int) Math.min(left, count);
        Arrays.fill(into, offset, offset + read, (byte) c);
        left -= read;
        return read;
      }
    };
  }
}
