package dev.waybill.upload;

import dev.waybill.csv.ByteSource;
import dev.waybill.csv.CsvFormat;
import dev.waybill.csv.CsvHeaderException;
import dev.waybill.csv.CsvLimits;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.Delimiter;
import dev.waybill.csv.DelimiterSniffer;
import dev.waybill.csv.TextVerdict;
import dev.waybill.problem.Problem;
import dev.waybill.product.HeaderMapping;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * A file that can be imported, as far as its first record tells. Rows are checked by the import.
 *
 * @param format charset and delimiter, asked for or found out
 * @param mapping of the header
 */
record FileCheck(CsvFormat format, HeaderMapping mapping) {

  /**
   * Checks what the caller can fix at once.
   *
   * @throws Problem 400 {@code file-empty}, 415 {@code not-text}, or 422
   */
  static FileCheck of(ReceivedFile file, UploadParameters parameters, CsvLimits limits)
      throws IOException {
    if (file.draft().size() == 0) {
      throw Problem.of(
          HttpStatus.BAD_REQUEST, "file-empty", "The file is empty", "The file has no bytes.");
    }
    Charset charset =
        switch (file.verdict()) {
          case TextVerdict.Text text -> text.charset();
          case TextVerdict.NotText not ->
              throw NotTextProblem.of("It is %s, not text. Send CSV.".formatted(not.what()));
          case TextVerdict.UnknownCharset unknown ->
              throw Problem.of(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  "charset",
                  "The charset is not known",
                  unknown.detail());
        };
    ByteSource bytes = file.draft()::open;
    long size = file.draft().size();
    Delimiter delimiter =
        parameters.delimiter() != null
            ? parameters.delimiter()
            : DelimiterSniffer.sniff(
                bytes,
                size,
                charset,
                limits,
                header -> HeaderMapping.recognised(header, parameters.mapping()));
    CsvFormat format = new CsvFormat(charset, delimiter);
    try {
      List<String> header = header(bytes, size, format, limits);
      return new FileCheck(format, HeaderMapping.of(header, parameters.mapping()));
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    } catch (CsvHeaderException e) {
      throw Problem.of(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "header",
          "The header cannot be used",
          e.getMessage(),
          e);
    }
  }

  private static List<String> header(
      ByteSource bytes, long size, CsvFormat format, CsvLimits limits) throws IOException {
    try (CsvReader reader = CsvReader.open(bytes, size, format, limits)) {
      return reader.header();
    }
  }
}
