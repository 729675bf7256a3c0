package dev.waybill.upload;

import dev.waybill.csv.ByteSource;
import dev.waybill.csv.CsvFormat;
import dev.waybill.csv.CsvHeaderException;
import dev.waybill.csv.CsvLimits;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.Delimiter;
import dev.waybill.csv.FormatSniffer;
import dev.waybill.csv.Notice;
import dev.waybill.csv.Shape.Escape;
import dev.waybill.csv.TextVerdict;
import dev.waybill.csvimport.ImportPlan;
import dev.waybill.csvimport.PlanImport;
import dev.waybill.problem.Problem;
import dev.waybill.product.HeaderMapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The result of a successful check: the charset, the delimiter and the header of the file allow an
 * import. The import checks the rows later.
 *
 * @param format the charset, delimiter and shape of the file, as requested or detected
 * @param plan the rules by which the import reads the content of the file
 */
record FileCheck(CsvFormat format, ImportPlan plan) {

  /** The maximum size of a header, in bytes as UTF-8. */
  static final int LARGEST_HEADER = 64 << 10;

  /**
   * The maximum length of a column name, in characters. If a name had more than 50,000 characters,
   * Jackson could not read the stored mapping.
   */
  static final int LONGEST_NAME = 1000;

  /**
   * The maximum number of columns of a file, even if {@code waybill.record.max-columns} permits
   * more for a record.
   */
  static final int MOST_COLUMNS = 1000;

  /**
   * The maximum number of lines of a header, including blank lines before the header. The detection
   * reads all these lines one time for each possible delimiter.
   */
  static final int MOST_LINES = 1000;

  /** The number of bytes, from the start of the file, within which the header must end. */
  static final int HEADER_WINDOW = 512 << 10;

  /**
   * Checks everything that the caller can correct before the file is queued.
   *
   * @throws Problem 400 {@code file-empty}, 415 {@code not-text}, or 422
   */
  static FileCheck of(TextFile file, UploadParameters parameters, CsvLimits recordLimits)
      throws IOException {
    refuseEmpty(file);
    List<Notice> notices = new ArrayList<>(file.notices());
    Charset charset = charset(file, notices);
    CsvFormat format = format(file, charset, parameters, recordLimits, notices);
    try (CsvReader reader = CsvReader.open(file.bytes(), file.size(), format, recordLimits)) {
      return new FileCheck(
          format, PlanImport.of(reader, parameters.wishes(), notices, file.numbers()));
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    } catch (CsvHeaderException e) {
      throw unusable(Objects.requireNonNull(e.getMessage()), e);
    }
  }

  static void refuseEmpty(TextFile file) {
    if (file.size() == 0) {
      throw Problem.of(
          HttpStatus.BAD_REQUEST, "file-empty", "The file is empty", "The file has no bytes.");
    }
  }

  /**
   * @throws Problem 415 {@code not-text} if the file is not text
   */
  static void refuseWithoutText(TextFile file) {
    if (file.verdict() instanceof TextVerdict.NotText(String what)) {
      throw NotTextProblem.of("It is %s, not CSV. Send a CSV file.".formatted(what));
    }
    if (file.verdict() instanceof TextVerdict.Archive) {
      throw NotTextProblem.of("It is a ZIP archive, not CSV. Send a CSV file.");
    }
  }

  /**
   * The charset of a file.
   *
   * @throws Problem 415 {@code not-text}, or 422 {@code charset}
   */
  static Charset charset(TextFile file, List<Notice> notices) throws IOException {
    refuseWithoutText(file);
    return switch (file.verdict()) {
      case TextVerdict.Text text -> {
        if (text.doubt() != null) {
          notices.add(Notice.of("charset-guessed", text.doubt()));
        }
        yield text.charset();
      }
      case TextVerdict.NotText _, TextVerdict.Archive _ ->
          throw new IllegalStateException("refused above");
      case TextVerdict.UnknownCharset unknown ->
          throw Problem.of(
              HttpStatus.UNPROCESSABLE_CONTENT,
              "charset",
              "The charset is not known",
              unknown.detail() + LikelyCharsets.shown(file.bytes(), unknown.likely()));
    };
  }

  /**
   * Determines the delimiter and the shape of a file. Also checks the header.
   *
   * @throws Problem 422 {@code header}
   */
  static CsvFormat format(
      TextFile file,
      Charset charset,
      UploadParameters parameters,
      CsvLimits recordLimits,
      List<Notice> notices)
      throws IOException {
    long size = file.size();
    long window = Math.min(size, HEADER_WINDOW);
    ByteSource bytes = offset -> firstBytes(file.bytes().open(offset), window - offset);
    CsvLimits limits = forHeader(recordLimits);
    try {
      FormatSniffer.Found found =
          new FormatSniffer(
                  bytes,
                  charset,
                  limits,
                  wanted(file, parameters),
                  header -> HeaderMapping.recognised(header, parameters.mapping().keySet()),
                  HeaderMapping::fieldOf)
              .sniff(window < size);
      notices.addAll(found.notices());
      checkHeader(bytes, window, size, found.format(), limits);
      return found.format();
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    } catch (CsvHeaderException e) {
      throw unusable(Objects.requireNonNull(e.getMessage()), e);
    }
  }

  /**
   * The format that the caller requested. For a sheet, the format has the delimiter and the escape
   * mode of the converted text. The parameters for delimiter and escape mode are then ignored.
   */
  private static FormatSniffer.Wanted wanted(TextFile file, UploadParameters parameters) {
    return file.sheet() == null
        ? new FormatSniffer.Wanted(
            parameters.delimiter(), parameters.headerLine(), parameters.escape())
        : new FormatSniffer.Wanted(Delimiter.COMMA, parameters.headerLine(), Escape.LINES);
  }

  private static InputStream firstBytes(InputStream in, long count) throws IOException {
    return BoundedInputStream.builder().setInputStream(in).setMaxCount(count).get();
  }

  private static CsvLimits forHeader(CsvLimits record) {
    return new CsvLimits(
        Math.min(LARGEST_HEADER, record.maxSizeBytes()),
        Math.min(MOST_LINES, record.maxLines()),
        Math.min(MOST_COLUMNS, record.maxColumns()));
  }

  private static void checkHeader(
      ByteSource bytes, long window, long size, CsvFormat format, CsvLimits limits)
      throws IOException {
    try (CsvReader reader = CsvReader.open(bytes, window, format, limits)) {
      // Checks whether the header ends inside the window. If the header continues beyond the
      // window, the part inside the window may look like a complete header.
      if (window < size && !reader.hasMoreText()) {
        throw unusable(
            "The header does not end within the first %,d bytes of the file. Remove the blank lines before it."
                .formatted(HEADER_WINDOW),
            null);
      }
      for (String name : reader.header()) {
        if (name.length() > LONGEST_NAME) {
          throw unusable(
              "A column has a name of %,d characters; at most %,d are allowed. It starts with “%s”."
                  .formatted(name.length(), LONGEST_NAME, name.substring(0, 40)),
              null);
        }
      }
    }
  }

  private static Problem unusable(String detail, @Nullable Throwable cause) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT, "header", "The header cannot be used", detail, cause);
  }
}
