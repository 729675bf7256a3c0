package dev.waybill.csv;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.function.ToIntFunction;

/** Detects the delimiter of a file from its header. */
public final class DelimiterSniffer {

  private DelimiterSniffer() {}

  /**
   * The delimiter with which the header scores highest. Between equal scores, the one with the most
   * columns wins, then the first in the order of {@link Delimiter}. If no header can be read, it is
   * comma, so that {@link CsvReader#open} reports why.
   *
   * @param score for stripped header cells: how many of them are known names
   */
  public static Delimiter sniff(
      ByteSource file,
      long size,
      Charset charset,
      CsvLimits limits,
      ToIntFunction<List<String>> score)
      throws IOException {
    Delimiter best = Delimiter.COMMA;
    int bestScore = -1;
    int mostColumns = 0;
    for (Delimiter delimiter : Delimiter.values()) {
      try (CsvReader reader =
          CsvReader.open(file, size, new CsvFormat(charset, delimiter), limits)) {
        int scored = score.applyAsInt(reader.header());
        int columns = reader.header().size();
        if (scored > bestScore || scored == bestScore && columns > mostColumns) {
          best = delimiter;
          bestScore = scored;
          mostColumns = columns;
        }
      } catch (CsvHeaderException e) {
        // Not the delimiter. If no delimiter gives a header, opening the file reports why.
      }
    }
    return best;
  }
}
