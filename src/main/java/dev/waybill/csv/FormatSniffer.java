package dev.waybill.csv;

import dev.waybill.csv.RawRecords.Raw;
import dev.waybill.csv.Shape.Escape;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Detects how a text is divided into records: the delimiter, the quotes, the header line and the
 * columns.
 */
@RequiredArgsConstructor
public final class FormatSniffer {

  /** The number of first records among which the header is searched. Blank records do not count. */
  static final int FIRST_RECORDS = 20;

  /**
   * The minimum number of known column names. A record after the first record counts as the header
   * only if it has at least this number of known names. Fewer known names may be ordinary values.
   */
  private static final int LEAST_NAMES = 2;

  private static final Pattern SEPARATOR_LINE =
      Pattern.compile("\"?sep=(.)\"?\\s*", Pattern.CASE_INSENSITIVE);

  private final ByteSource file;
  private final Charset charset;
  private final CsvLimits limits;
  private final Wanted wanted;
  private final ToIntFunction<List<String>> score;
  private final KnownNames names;

  /**
   * The format that the sender named. The named format overrides the detection.
   *
   * @param headerLine the line of the header; 0 if the sender did not name a line
   */
  public record Wanted(@Nullable Delimiter delimiter, int headerLine, @Nullable Escape escape) {

    public static final Wanted NOTHING = new Wanted(null, 0, null);
  }

  /**
   * The detected format.
   *
   * @param notices the notices about the detection for the sender
   */
  public record Found(CsvFormat format, List<Notice> notices) {}

  /** The header that results if the text is read with one combination of delimiter and quote. */
  private record Header(CsvFormat format, @Nullable Raw record, int score, long firstLine) {

    int columns() {
      return record == null ? 0 : record.cells().size();
    }

    /**
     * Whether every cell of the header has this quote around it. A single quote is an ordinary
     * character if it is not around every cell.
     */
    boolean isQuotedBy(char quote) {
      if (record == null || record.flaw() != null) {
        return false;
      }
      String text = record.text().strip();
      long quotes = text.chars().filter(c -> c == quote).count();
      return text.indexOf(quote) == 0
          && text.endsWith(String.valueOf(quote))
          && quotes >= 2L * columns();
    }

    boolean isBetterThan(Header other) {
      return score > other.score || score == other.score && columns() > other.columns();
    }
  }

  /**
   * Finds the format in which the header has the most known names. If several formats have the same
   * number of known names, the format with the most columns is chosen. If this number is also
   * equal, the first delimiter in {@link Delimiter#USUAL} is chosen.
   *
   * @param cut whether the file continues after these bytes, so that the last record may be
   *     incomplete
   * @throws CsvHeaderException if all rows differ from the header in the same way
   */
  public Found sniff(boolean cut) throws IOException {
    Optional<Delimiter> separator = separatorLine();
    List<Delimiter> candidates =
        wanted.delimiter() != null
            ? List.of(wanted.delimiter())
            : separator.map(List::of).orElse(Delimiter.USUAL);
    Header best = null;
    for (Delimiter delimiter : candidates) {
      // Tries single quotes first. A header in single quotes can get the same score if the quotes
      // are treated as text, and the first of two equal scores is chosen.
      for (char quote : new char[] {'\'', '"'}) {
        Header header = header(delimiter, quote, separator.isPresent());
        boolean usable =
            quote == '"' || wanted.escape() != Escape.LINES && header.isQuotedBy(quote);
        if (usable && (best == null || header.isBetterThan(best))) {
          best = header;
        }
      }
    }
    if (best == null || best.record() == null) {
      return new Found(new CsvFormat(charset, candidates.getFirst()), List.of());
    }
    Raw record = best.record();
    List<Notice> notices = new ArrayList<>();
    if (record.line() > best.firstLine()) {
      notices.add(
          new Notice(
              "header-line",
              null,
              record.line() - best.firstLine(),
              List.of(),
              "Line %d is read as the header. The lines above it, from line %d on, are skipped; headerLine= names another."
                  .formatted(record.line(), best.firstLine())));
    }
    CsvFormat format =
        best.format().with(best.format().shape().withHeaderLine((int) record.line()));
    if (record.flaw() != null) {
      return new Found(format, notices);
    }
    return new ShapeSample(file, format, limits, record, names, wanted.escape())
        .judge(cut, notices);
  }

  /** The delimiter that the file names in a first line such as {@code sep=;}. */
  private Optional<Delimiter> separatorLine() throws IOException {
    try (RawRecords records =
        new RawRecords(file, new CsvFormat(charset, new Delimiter('\u0001')), limits)) {
      Raw first = records.next();
      if (first == null) {
        return Optional.empty();
      }
      Matcher line = SEPARATOR_LINE.matcher(first.text());
      return line.matches() ? Delimiter.named(line.group(1)) : Optional.empty();
    }
  }

  private Header header(Delimiter delimiter, char quote, boolean separatorLine) throws IOException {
    Shape shape = Shape.PLAIN.withQuote(quote);
    if (wanted.escape() == Escape.LINES) {
      shape = shape.withEscape(Escape.LINES);
    }
    CsvFormat format = new CsvFormat(charset, delimiter, shape);
    Raw first = null;
    Raw best = null;
    int bestScore = -1;
    try (RawRecords records = new RawRecords(file, format, limits)) {
      Raw record;
      for (int seen = 0, all = 0;
          seen < FIRST_RECORDS && all <= limits.maxLines() && (record = records.next()) != null;
          all++) {
        if (record.isBlank() || separatorLine && record.line() == 1) {
          continue;
        }
        seen++;
        first = first == null ? record : first;
        boolean isWanted = wanted.headerLine() == 0 || record.line() == wanted.headerLine();
        int scored = record.flaw() == null ? score(record) : -1;
        boolean enough = seen == 1 || scored >= LEAST_NAMES || wanted.headerLine() > 0;
        if (isWanted && (best == null || enough && scored > bestScore)) {
          best = record;
          bestScore = scored;
        }
      }
    }
    if (best == null && wanted.headerLine() > 0) {
      best = lineOf(format);
      bestScore = best == null || best.flaw() != null ? -1 : score(best);
    }
    return new Header(format, best, bestScore, first == null ? 1 : first.line());
  }

  private int score(Raw record) {
    return score.applyAsInt(Columns.uniqueNames(record.cells()));
  }

  /** Reads the record at the line that the sender named as header. */
  private @Nullable Raw lineOf(CsvFormat format) throws IOException {
    try (RawRecords records = new RawRecords(file, format, limits)) {
      for (int all = 0; all <= limits.maxLines(); all++) {
        Raw record = records.next();
        if (record == null || record.line() == wanted.headerLine()) {
          return record;
        }
      }
    }
    return null;
  }
}
