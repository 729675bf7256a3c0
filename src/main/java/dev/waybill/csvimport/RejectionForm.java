package dev.waybill.csvimport;

import dev.waybill.csv.CsvOutput;
import dev.waybill.csv.Delimiter;
import dev.waybill.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The variants of the CSV file with rejected rows. */
enum RejectionForm {
  /** UTF-8 with commas, for programs. */
  PLAIN,

  /**
   * The charset and the delimiter of the uploaded file. If Java can read the charset but cannot
   * write it, as with ISO-2022-CN, the CSV file is in UTF-8. The {@code Content-Type} names the
   * charset.
   */
  ORIGINAL,

  /**
   * UTF-8 with a byte order mark and semicolons. Excel opens such a file correctly on a double
   * click.
   */
  EXCEL;

  private static final char BYTE_ORDER_MARK = '\ufeff';

  /**
   * @param name {@code original} or {@code excel}; null for {@link #PLAIN}
   * @throws Problem 400 {@code parameter}
   */
  static RejectionForm named(@Nullable String name) {
    return switch (name) {
      case null -> PLAIN;
      case "original" -> ORIGINAL;
      case "excel" -> EXCEL;
      default -> throw Problem.parameter("form is original or excel.");
    };
  }

  String contentType(ImportJob job) {
    return "text/csv;charset=" + charset(job).name();
  }

  CsvOutput output(ImportJob job, OutputStream out) {
    return new CsvOutput(out, charset(job), delimiter(job));
  }

  /** Writes the byte order mark, if this variant has one. */
  void start(ImportJob job, OutputStream out) throws IOException {
    // Programs recognise UTF-16 only by its byte order mark. All programs except Excel recognise
    // UTF-8 without a byte order mark.
    if (this == EXCEL || this == ORIGINAL && charset(job).name().startsWith("UTF-16")) {
      out.write(String.valueOf(BYTE_ORDER_MARK).getBytes(charset(job)));
    }
  }

  /**
   * Replaces typographic quotes in a text of Waybill by plain quotes if the charset does not have
   * typographic quotes.
   */
  String text(ImportJob job, String text) {
    return charset(job).newEncoder().canEncode(text)
        ? text
        : text.replaceAll("[\u201c\u201d]", "\"").replaceAll("[\u2018\u2019]", "'");
  }

  private Charset charset(ImportJob job) {
    Charset charset = this == ORIGINAL ? Charset.forName(job.charset()) : StandardCharsets.UTF_8;
    if (!charset.canEncode()) {
      return StandardCharsets.UTF_8;
    }
    // Does not use the charset name "UTF-16", because Java's encoder for this name would write a
    // byte order mark before each row.
    return charset.equals(StandardCharsets.UTF_16) ? StandardCharsets.UTF_16BE : charset;
  }

  private Delimiter delimiter(ImportJob job) {
    return switch (this) {
      case PLAIN -> Delimiter.COMMA;
      case ORIGINAL -> Delimiter.named(job.delimiter()).orElseThrow();
      case EXCEL -> Delimiter.SEMICOLON;
    };
  }
}
