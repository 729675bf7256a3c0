package dev.waybill.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellFormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          General                     | 12.9                | 12.9
          General                     | 4006381333931       | 4006381333931
          General                     | 4.00638133393E+12   | 4006381333930
          General                     | 0.30000000000000004 | 0.3
          General                     | 12345678901234567890 | 12345678901234567890
          General                     | 1E-7                | 0.0000001
          General                     | 1.10                | 1.1
          0                           | 12.5                | 13
          0.00                        | 12.9                | 12.90
          0.00                        | 12.899999999999999  | 12.90
          0.00                        | 1.005               | 1.01
          #,##0.00                    | 1249                | 1,249.00
          #,##0                       | 1234567             | 1,234,567
          #,##0                       | -1234               | -1,234
          0%                          | 0.19                | 19%
          0.0%                        | 0.195               | 19.5%
          00000                       | 123                 | 00123
          000-000                     | 12345               | 012-345
          0.###                       | 1.5                 | 1.5
          #.##                        | 0.5                 | .5
          0.00E+00                    | 4006381333931       | 4006381333931
          # ?/?                       | 0.5                 | 0.5
          #,##0.00\\ "€"              | 1249.5              | 1,249.50 €
          [$€-407]\\ #,##0.00         | 1249.5              | € 1,249.50
          _-* #,##0.00\\ "kr"_-;-* #,##0.00\\ "kr"_-;_-* "-"??\\ "kr"_-;_-@_- | 12 | 12.00 kr
          _-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_- | 0      | 0
          #,##0_);(#,##0)             | -3                  | -3
          0.00;[Red]0.00              | -3                  | -3.00
          0.0,                        | 12345               | 12.3
          [=1]"yes";[=0]"no";0        | 1                   | yes
          [=1]"yes";[=0]"no";0        | 0                   | no
          [<100]0.0;0                 | 12.34               | 12.3
          [<100]0.0;0                 | 1234.5              | 1235
          ;;;                         | 5                   | 5
          @                           | 00123               | 00123
          0" pcs"                     | 7                   | 7 pcs
          yyyy-mm-dd                  | 45366               | 2024-03-15
          dd.mm.yyyy                  | 45366               | 15.03.2024
          d/m/yy                      | 45366               | 15/3/24
          dd-mmm-yyyy                 | 45366               | 15-Mar-2024
          dddd, d mmmm yyyy           | 45366               | Friday, 15 March 2024
          [$-407]d. mmmm yyyy         | 45366               | 15. März 2024
          [$-F800]dddd, mmmm dd, yyyy | 45366               | Friday, March 15, 2024
          yyyy-mm-dd hh:mm            | 45366.52083333334   | 2024-03-15 12:30
          h:mm AM/PM                  | 0.75                | 6:00 PM
          mm:ss                       | 0.0007291666666     | 01:03
          [h]:mm                      | 1.5                 | 36:00
          hh:mm:ss.000                | 0.5000000116        | 12:00:00.001
          yyyy-mm-dd                  | 1                   | 1900-01-01
          yyyy-mm-dd                  | 61                  | 1900-03-01
          yyyy-mm-dd                  | -1                  | -1
          yyyy-mm-dd                  | 99999999            | 99999999
          0.00                        | no number           | no number
          """)
  void showsWhatAPersonSees(String code, String stored, String shown) {
    assertThat(CellFormat.of(code).show(stored, false)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"0,1904-01-01", "43904,2024-03-15"})
  void countsDaysFrom1904(String stored, String shown) {
    assertThat(CellFormat.of("yyyy-mm-dd").show(stored, true)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "[", "[$", "\"", "\\", "_", "*", "[h", "0.0.0", ".", ",", "%", "[<", "E", "[$-", "0;;;;;;",
        "y[h]m"
      })
  void survivesACodeThatIsNoFormat(String code) {
    assertThat(CellFormat.of(code).show("12.5", false)).isNotNull();
    assertThat(CellFormat.of(code).show("-1E300", false)).isNotNull();
    assertThat(CellFormat.of(code).show("0", true)).isNotNull();
  }
}
