package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.opencsv.CSVReader;
import com.opencsv.CSVReaderBuilder;
import com.opencsv.RFC4180ParserBuilder;
import dev.waybill.contract.Shows;
import dev.waybill.csv.CsvRecord.Complete;
import dev.waybill.csv.CsvRecord.Damaged;
import dev.waybill.csv.Damage.Code;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random files, which are the same in every run of the test. */
class CsvReaderRandomTest {

  private static final String[] PIECES = {
    "a", "b", " ", ",", ",", "\"", "\"", "\"\"", ",\"", "\",", "\n", "\n", "\r", "\r\n", "\"\n"
  };

  @RepeatedTest(20)
  void readsWhatThePlainRulesSay(RepetitionInfo repetition) throws IOException {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 2000; i++) {
      int columns = 1 + random.nextInt(4);
      String header = "h" + ",h".repeat(columns - 1) + "\n";
      String text = header + pieces(random, random.nextInt(60));
      CsvLimits limits =
          new CsvLimits(
              header.length() + random.nextInt(30),
              1 + random.nextInt(4),
              columns + random.nextInt(2));
      List<PlainFramer.Found> plain = PlainFramer.read(text, limits, columns);
      assertThat(read(text, UTF_8, limits, 1 + random.nextInt(40)))
          .as("%s with %s", text, limits)
          .isEqualTo(plain.subList(1, plain.size()));
    }
  }

  @Test
  void readsWellFormedFilesAsOpencsvDoes() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      int columns = 2 + random.nextInt(5);
      StringBuilder text = new StringBuilder();
      for (int row = 0; row < 20; row++) {
        for (int column = 0; column < columns; column++) {
          text.append(column == 0 ? "x" + row : "," + wellFormedCell(random));
        }
        text.append('\n');
      }
      List<List<String>> expected = new ArrayList<>();
      try (CSVReader opencsv =
          new CSVReaderBuilder(new StringReader(text.toString()))
              .withCSVParser(new RFC4180ParserBuilder().build())
              .build()) {
        opencsv.readAll().forEach(cells -> expected.add(List.of(cells)));
      }
      List<List<String>> cells =
          read(text.toString(), UTF_8, CsvLimits.DEFAULTS, 32).stream()
              .map(PlainFramer.Found::cells)
              .toList();
      assertThat(cells).isEqualTo(expected.subList(1, expected.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UTF-8", "GB18030", "windows-31j", "Big5", "EUC-KR", "windows-1252", "UTF-16LE"})
  @Shows("job.bytes.transcoded")
  void anyBytesAreReadToTheEndAndResumedAnywhere(String charset) throws IOException {
    Random random = new Random(charset.hashCode());
    CsvFormat format = new CsvFormat(Charset.forName(charset), Delimiter.COMMA);
    byte[] header = "sku,name\n".getBytes(format.charset());
    for (int i = 0; i < 300; i++) {
      byte[] file = new byte[header.length + random.nextInt(200)];
      random.nextBytes(file);
      for (int b = 0; b < file.length; b += 1 + random.nextInt(6)) {
        file[b] = (byte) ",\"\n\r".charAt(random.nextInt(4));
      }
      System.arraycopy(header, 0, file, 0, header.length);
      List<CsvRecord> records = new ArrayList<>();
      List<Position> positions = new ArrayList<>();
      try (CsvReader reader =
          CsvReader.open(CsvBytes.of(file), file.length, format, CsvLimits.DEFAULTS, 8)) {
        positions.add(reader.position());
        long bytesRead = reader.bytesRead();
        for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
          records.add(record);
          positions.add(reader.position());
          assertThat(reader.bytesRead()).isBetween(bytesRead, (long) file.length);
          bytesRead = reader.bytesRead();
        }
        assertThat(reader.bytesRead()).isEqualTo(file.length);
      }
      int from = random.nextInt(positions.size());
      try (CsvReader reader =
          CsvReader.open(CsvBytes.of(file), file.length, format, CsvLimits.DEFAULTS, 8)) {
        reader.resumeAt(positions.get(from));
        for (CsvRecord record : records.subList(from, records.size())) {
          assertThat(found(reader.next())).isEqualTo(found(record));
        }
        assertThat(reader.next()).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GB18030", "windows-31j", "Big5", "EUC-KR", "EUC-JP", "windows-1251"})
  void badBytesSwallowNoLineEnd(String charset) throws IOException {
    Random random = new Random(1);
    byte[] bytes = new byte[200_000];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i += 1 + random.nextInt(5)) {
      bytes[i] = '\n';
    }
    byte[] text;
    try (Transcoder transcoder =
        new Transcoder(CsvBytes.of(bytes).open(0), Charset.forName(charset), Delimiter.COMMA)) {
      text = transcoder.readAllBytes();
    }
    assertThat(lineFeeds(text)).isEqualTo(lineFeeds(bytes));
  }

  private static long lineFeeds(byte[] bytes) {
    long found = 0;
    for (byte b : bytes) {
      found += b == '\n' ? 1 : 0;
    }
    return found;
  }

  private static List<PlainFramer.Found> read(
      String text, Charset charset, CsvLimits limits, int buffer) throws IOException {
    byte[] file = text.getBytes(charset);
    CsvFormat format = new CsvFormat(charset, Delimiter.COMMA);
    List<PlainFramer.Found> found = new ArrayList<>();
    try (CsvReader reader =
        CsvReader.open(CsvBytes.of(file), file.length, format, limits, buffer)) {
      for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
        found.add(found(record));
      }
    }
    return found;
  }

  private static PlainFramer.Found found(CsvRecord record) {
    return switch (record) {
      case Complete complete ->
          new PlainFramer.Found(
              complete.line(), List.of(), List.of(complete.cells()), complete.text());
      case Damaged damaged -> {
        List<Code> codes = damaged.damages().stream().map(Damage::code).toList();
        yield new PlainFramer.Found(damaged.line(), codes, List.of(), damaged.original());
      }
    };
  }

  private static String pieces(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static String wellFormedCell(Random random) {
    String cell = pieces(random, random.nextInt(5)).replace('\r', ' ');
    boolean quoted = random.nextBoolean() || cell.matches("(?s).*[\",\n].*");
    return quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
