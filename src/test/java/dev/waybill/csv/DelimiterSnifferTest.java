package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelimiterSnifferTest {

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
        "`a;b,c,d\n`!COMMA", // nothing known: the most columns
        "`a;b,c\n`!COMMA", // as many: the first
        "`sku\n`!COMMA",
        "`\"sku,name\";price;name`!SEMICOLON",
        "`\"sku\n`!COMMA", // no header under any
        "` `!COMMA",
      })
  @Shows("check.delimiter")
  void takesTheDelimiterUnderWhichTheHeaderIsKnownBest(String text, Delimiter delimiter)
      throws IOException {
    assertThat(
            DelimiterSniffer.sniff(
                CsvBytes.of(text),
                text.length(),
                UTF_8,
                CsvLimits.DEFAULTS,
                header -> (int) header.stream().filter(KNOWN::contains).count()))
        .isEqualTo(delimiter);
  }
}
