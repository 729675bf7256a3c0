package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.csv.CsvRecord.Complete;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvOutputTest {

  @Test
  @Shows({"csv.form", "csv.quotes"})
  void quotesOnlyWhatMustBe() throws IOException {
    assertThat(written("a", " b ", "5 mm", "c,d", "5\" pipe", "x\r\ny", "z\rz", "", null, "é;|\t"))
        .isEqualTo("a, b ,5 mm,\"c,d\",\"5\"\" pipe\",\"x\r\ny\",\"z\rz\",,,é;|\t\n");
  }

  @Test
  void rowOfOneBlankCellIsNoBlankLine() throws IOException {
    assertThat(written("") + written(" ") + written("a")).isEqualTo("\"\"\n\" \"\na\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "=1+1, '=1+1",
        "+cmd, '+cmd",
        "-x, '-x",
        "@SUM(A1), '@SUM(A1)",
        "`\tx`, `'\tx`",
        "`\rx`, `'\rx`",
        "-12.50, -12.50",
        "+49, +49",
        "-1e5, '-1e5",
        "-, '-",
        "-1-2, '-1-2",
        "'=x, ''=x",
        "''-5, '''-5",
        "'-5, ''-5",
        "'tis, 'tis",
        "', '",
        "a=b, a=b",
        "＝1+1, '＝1+1",
        "＋1, '＋1",
        "－cmd, '－cmd",
        "＠SUM(A1), '＠SUM(A1)",
        "` =1+1`, `' =1+1`",
        "\u200b=1+1, '\u200b=1+1",
        "\ufeff\u00a0-x, '\ufeff\u00a0-x",
        "`\u0001=1`, `'\u0001=1`",
        "\"\"=1, '\"\"=1",
        "\u2060'=x, '\u2060'=x",
        "a;=1+1, a;'=1+1",
        "a;\"=1+1, a;'\"=1+1",
        "a; ＝x, a;' ＝x",
        "`a\t=1|@x`, `a\t'=1|'@x`",
        "`a\n=1`, `a\n'=1`",
        "`a\r\n=1`, `a\r\n'=1`",
        "a;'=1, a;''=1",
        "a;-5, a;-5",
        "`Features:\n- blue\n- red`, `Features:\n- blue\n- red`",
        "color:red; -webkit-x:1, color:red; -webkit-x:1",
        "a;-cmd|'/c calc'!A0, a;'-cmd|'/c calc'!A0",
        "`a;+HYPERLINK(\"x\")`, `a;'+HYPERLINK(\"x\")`",
        "a&amp;b;c, a&amp;b;c",
      })
  @Shows({"csv.defused", "csv.numbers", "csv.apostrophes", "csv.restored"})
  void defusesWhatASpreadsheetWouldRun(String cell, String defused) {
    assertThat(CsvOutput.defuse(cell)).isEqualTo(defused);
    assertThat(CsvOutput.restore(defused, Delimiter.COMMA)).isEqualTo(cell);
  }

  @ParameterizedTest
  @ValueSource(ints = {',', ';', '\t', '|', '§'})
  @Shows("csv.restored")
  void everyRowComesBackAsItWas(int character) throws IOException {
    Random random = new Random(5);
    Delimiter delimiter = new Delimiter(character);
    CsvFormat format = new CsvFormat(UTF_8, delimiter);
    for (int i = 0; i < 5000; i++) {
      String[] cells = new String[1 + random.nextInt(4)];
      Arrays.setAll(cells, column -> cell(random));
      String header = ("h" + Character.toString(character)).repeat(cells.length - 1) + "h\n";
      byte[] file = (header + written(delimiter, cells)).getBytes(UTF_8);
      try (CsvReader reader =
          CsvReader.open(CsvBytes.of(file), file.length, format, CsvLimits.DEFAULTS)) {
        CsvRecord record = reader.next();
        if (record == null) {
          assertThat(cells).allMatch(String::isBlank); // no row
          continue;
        }
        Complete read = (Complete) record;
        assertThat(Arrays.stream(read.cells()).map(cell -> CsvOutput.restore(cell, delimiter)))
            .containsExactly(cells);
        assertThat(reader.next()).isNull();
      }
    }
  }

  private static String cell(Random random) {
    StringBuilder cell = new StringBuilder();
    String alphabet = "'''=+-@\t\r\n\",;|(1.2ax é＝\u200b";
    for (int length = random.nextInt(7); length > 0; length--) {
      cell.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return cell.toString();
  }

  private static String written(String... cells) throws IOException {
    return written(Delimiter.COMMA, cells);
  }

  private static String written(Delimiter delimiter, String... cells) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CsvOutput(out, UTF_8, delimiter).row(Arrays.asList(cells));
    return out.toString(UTF_8);
  }
}
