package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.waybill.contract.Shows;
import dev.waybill.csv.CsvRecord.Complete;
import dev.waybill.csv.CsvRecord.Damaged;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CsvReaderTest {

  private static final int[] BUFFERS = {1, 2, 3, 5, 16, 64 << 10};

  static Stream<CsvCase> cases() {
    return CsvCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Shows({
    "row.blank-lines",
    "row.line",
    "row.header-again",
    "row.blank-beyond",
    "shape.names",
    "shape.padded-quotes",
    "cell.stray-quote",
    "damage.unclosed-quote",
    "damage.text-after-quote",
    "damage.multi-line-width",
    "damage.rest-again",
    "code.charset",
    "code.field-count",
    "check.header"
  })
  void readsTheCaseWhateverTheBufferSize(CsvCase csv) throws IOException {
    for (int buffer : BUFFERS) {
      if (csv.yaml().get("error") instanceof String error) {
        assertThatExceptionOfType(CsvHeaderException.class)
            .isThrownBy(() -> open(csv, buffer))
            .withMessage(error);
        continue;
      }
      try (CsvReader reader = open(csv, buffer)) {
        if (csv.yaml().get("header") instanceof List<?> header) {
          assertThat(reader.header()).isEqualTo(header);
        }
        List<Map<String, Object>> records = new ArrayList<>();
        for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
          records.add(asInTheCase(record));
        }
        assertThat(records).isEqualTo(expected(csv));
        assertThat(reader.bytesRead()).isEqualTo(csv.file().length);
        assertThat(reader.next()).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Shows("job.bytes.transcoded")
  void anotherReaderResumesAtEveryPosition(CsvCase csv) throws IOException {
    if (csv.yaml().containsKey("error")) {
      return;
    }
    List<Position> positions = new ArrayList<>();
    List<Long> bytesRead = new ArrayList<>();
    List<Map<String, Object>> records = new ArrayList<>();
    try (CsvReader reader = open(csv, 64)) {
      CsvRecord record;
      do {
        positions.add(reader.position());
        bytesRead.add(reader.bytesRead());
        record = reader.next();
        if (record != null) {
          records.add(asInTheCase(record));
        }
      } while (record != null);
    }
    assertThat(bytesRead).isSorted();
    for (int i = 0; i < positions.size(); i++) {
      try (CsvReader reader = open(csv, 7)) {
        reader.resumeAt(positions.get(i));
        assertThat(reader.position()).isEqualTo(positions.get(i));
        assertThat(reader.bytesRead()).isEqualTo(bytesRead.get(i));
        List<Map<String, Object>> rest = new ArrayList<>();
        for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
          rest.add(asInTheCase(record));
        }
        assertThat(rest).isEqualTo(records.subList(i, records.size()));
      }
    }
  }

  @Test
  void readerGoesBackToAnEarlierPosition() throws IOException {
    CsvFormat format = new CsvFormat(UTF_8, Delimiter.COMMA);
    try (CsvReader reader =
        CsvReader.open(CsvBytes.of("a\n1\n2\n"), 6, format, CsvLimits.DEFAULTS)) {
      Position start = reader.position();
      assertThat(reader.next()).extracting(CsvRecord::original).isEqualTo("1");
      assertThat(reader.next()).extracting(CsvRecord::original).isEqualTo("2");
      assertThat(reader.next()).isNull();
      reader.resumeAt(start);
      assertThat(reader.bytesRead()).isEqualTo(2);
      assertThat(reader.next()).extracting(CsvRecord::original).isEqualTo("1");
    }
  }

  @Test
  void fileThatLostItsEndIsNotReadToTheEnd() throws IOException {
    CsvFormat format = new CsvFormat(UTF_8, Delimiter.COMMA);
    try (CsvReader reader =
        CsvReader.open(CsvBytes.of("a\n1\n2\n"), 9, format, CsvLimits.DEFAULTS)) {
      reader.next();
      reader.next();
      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(reader::next)
          .withMessage("The file ends after 6 of 9 bytes");
    }
  }

  @Test
  @Shows("damage.original-cut")
  void originalIsCutAt64KiBBetweenCharacters() throws IOException {
    String text = "a\nx" + "é".repeat(40_000) + ",x\n2\n";
    CsvFormat format = new CsvFormat(UTF_8, Delimiter.COMMA);
    long size = text.getBytes(UTF_8).length;
    try (CsvReader reader = CsvReader.open(CsvBytes.of(text), size, format, CsvLimits.DEFAULTS)) {
      CsvRecord record = reader.next();
      assertThat(record).isInstanceOf(Damaged.class);
      assertThat(record.original()).isEqualTo("x" + "é".repeat(32_767));
      assertThat(record.originalCut()).isTrue();
      assertThat(reader.next().originalCut()).isFalse();
    }
  }

  private static CsvReader open(CsvCase csv, int buffer) throws IOException {
    return CsvReader.open(csv.source(), csv.file().length, csv.format(), csv.limits(), buffer);
  }

  private static List<?> expected(CsvCase csv) {
    List<Map<String, Object>> expected = new ArrayList<>();
    for (Object item : (List<?>) csv.yaml().get("records")) {
      Map<String, Object> record = new LinkedHashMap<>();
      ((Map<?, ?>) item).forEach((key, value) -> record.put((String) key, value));
      expected.add(record);
    }
    return expected;
  }

  private static Map<String, Object> asInTheCase(CsvRecord record) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("line", (int) record.line());
    switch (record) {
      case Complete complete -> shown.put("cells", List.of(complete.cells()));
      case Damaged damaged -> {
        Map<String, Object> damages = new LinkedHashMap<>();
        damaged.damages().forEach(d -> damages.put(d.code().wireName(), d.detail()));
        shown.put("damages", damages);
        shown.put("original", damaged.original());
      }
    }
    return shown;
  }
}
