package dev.waybill.csvimport;

import dev.waybill.csv.CsvFormat;
import dev.waybill.csv.Delimiter;
import java.nio.charset.Charset;

/** The format in which a job's file is read. This format was detected when the file arrived. */
final class FileFormat {

  private FileFormat() {}

  static CsvFormat of(ImportJob job) {
    return new CsvFormat(
        Charset.forName(job.charset()),
        Delimiter.named(job.delimiter()).orElseThrow(),
        job.shape());
  }
}
