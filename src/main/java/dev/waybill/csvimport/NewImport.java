package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.csv.Shape;

/**
 * What is known about an import when it is created.
 *
 * @param id the transaction ID of its job
 * @param bytesTotal the size of the uploaded file, after gzip
 * @param storedBytes the size of what is stored of it; another one for a sheet, which is stored as
 *     text
 * @param sha256 of the uploaded file, in hexadecimal
 * @param charset the file's charset, by its canonical Java name
 * @param delimiter {@code comma}, {@code semicolon}, {@code tab}, {@code pipe} or a character
 * @param shape what else the file needs to be read again
 * @param plan how its content is read
 * @param policy what is done with rejected rows, and which rows are taken
 */
public record NewImport(
    String id,
    String fileName,
    boolean dryRun,
    long bytesTotal,
    long storedBytes,
    String sha256,
    String charset,
    String delimiter,
    Shape shape,
    ImportPlan plan,
    ImportPolicy policy) {

  NewImport with(Notice notice) {
    Notices notices = new Notices();
    notices.add(notice);
    notices.addAll(plan.notices());
    return new NewImport(
        id,
        fileName,
        dryRun,
        bytesTotal,
        storedBytes,
        sha256,
        charset,
        delimiter,
        shape,
        new ImportPlan(plan.format(), plan.mapping(), notices.list()),
        policy);
  }

  /** The value in a mapping of a column that is not imported. The job does not show it. */
  public static final String IGNORED = "-";
}
