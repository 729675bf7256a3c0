package dev.waybill.csvimport;

import dev.waybill.csv.Shape;

/**
 * What is known about an import when it is created.
 *
 * @param id the transaction ID of its job
 * @param bytesTotal the size of the uploaded file, after gzip
 * @param storedBytes the size of what is stored of it; another one for a sheet, which is stored as
 *     text
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
    String charset,
    String delimiter,
    Shape shape,
    ImportPlan plan,
    ImportPolicy policy) {

  /** The value in a mapping of a column that is not imported. The job does not show it. */
  public static final String IGNORED = "-";
}
