package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatSnifferTest {

  private static final Set<String> KNOWN = Set.of("sku", "name", "price");

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "`sku,name\n`!COMMA",
        "`sku;name;a,b,c,d\n`!SEMICOLON",
        "`\nsku\tname\n`!TAB",
        "`sku|name\n1,2,3|4`!PIPE",
        "`a;b,c,d\n`!COMMA", // No name is known, so the delimiter with most columns is taken.
        "`a;b,c\n`!COMMA", // Two delimiters give as many columns, so the first is taken.
        "`sku\n`!COMMA",
        "`\"sku,name\";price;name`!SEMICOLON",
        "`\"sku\n`!COMMA", // No delimiter gives a readable header.
        "` `!COMMA",
      })
  @Shows("check.delimiter")
  void takesTheDelimiterUnderWhichTheHeaderIsKnownBest(String text, String delimiter)
      throws IOException {
    assertThat(sniff(text, FormatSniffer.Wanted.NOTHING).format().delimiter().word())
        .isEqualTo(delimiter.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "`sku,name\nS,Cup\n`!1",
        "`\n\nsku,name\n`!3",
        "`Price list,\n,\nsku,name\nS,Cup\n`!3",
        "`sep=;\nsku;name\n`!2",
        "`\"sep=;\"\n\nsku;name\n`!3",
        "`a,b\nsku,c\nS,Cup\n`!1", // A single known name may be a value.
        "`sku,name\nname,sku\n`!1", // Both rows have as many known names, so the first is taken.
        "`x\nsku;name;price\n`!2",
      })
  @Shows("shape.header-line")
  void takesTheRecordWithMostKnownNamesAsTheHeader(String text, int line) throws IOException {
    assertThat(sniff(text, FormatSniffer.Wanted.NOTHING).format().shape().headerLine())
        .isEqualTo(line);
  }

  @Test
  @Shows("shape.separator-line")
  void separatorLineIsObeyedUnlessTheSenderNamesAnother() throws IOException {
    String text = "sep=|\nsku|name;price\n";
    FormatSniffer.Wanted semicolon = new FormatSniffer.Wanted(Delimiter.SEMICOLON, 0, null);

    assertThat(sniff(text, FormatSniffer.Wanted.NOTHING).format().delimiter())
        .isEqualTo(Delimiter.PIPE);
    assertThat(sniff(text, semicolon).format().delimiter()).isEqualTo(Delimiter.SEMICOLON);
    assertThat(sniff(text, semicolon).format().shape().headerLine()).isEqualTo(2);
  }

  @Test
  void headerLineOfTheSenderIsTaken() throws IOException {
    String text = "sku,name,price\nartikel,titel,preis\n";

    assertThat(sniff(text, new FormatSniffer.Wanted(null, 2, null)).format().shape().headerLine())
        .isEqualTo(2);
  }

  @Test
  void skippedLinesAreReported() throws IOException {
    assertThat(sniff("Price list,\n\nsku,name\nS,Cup\n", FormatSniffer.Wanted.NOTHING).notices())
        .extracting(Notice::code, Notice::count)
        .containsExactly(tuple("header-line", 2L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sku,name,price\nA,a,9,90\nB,b,4,50\nC,c,1,00\n",
        "sku,name\n1,A,a\n2,B,b\n3,C,c\n",
        "sku;name;price\nA,a,1\nB,b,2\nC,c,3\n",
      })
  @Shows("shape.shifted")
  void rowsThatAreAllOffByTheSameNumberOfCellsAreOneMistake(String text) {
    assertThatExceptionOfType(CsvHeaderException.class)
        .isThrownBy(() -> sniff(text, FormatSniffer.Wanted.NOTHING))
        .withMessageContaining("but all rows have")
        .withMessageContaining("Probably");
  }

  private static FormatSniffer.Found sniff(String text, FormatSniffer.Wanted wanted)
      throws IOException {
    return new FormatSniffer(
            CsvBytes.of(text),
            UTF_8,
            CsvLimits.DEFAULTS,
            wanted,
            header -> (int) header.stream().filter(KNOWN::contains).count(),
            name -> KNOWN.contains(name) ? name : null)
        .sniff(false);
  }
}
