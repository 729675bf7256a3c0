package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.csv.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The data of an import when it is created.
 *
 * @param id the transaction ID of its job
 * @param bytesTotal the size of the uploaded file after decompression
 * @param storedBytes the size of the stored file; it differs from {@code bytesTotal} for a sheet,
 *     which is stored as text
 * @param sha256 the hash of the uploaded file, in hexadecimal
 * @param charset the file's charset, by its canonical Java name
 * @param delimiter {@code comma}, {@code semicolon}, {@code tab}, {@code pipe} or a character
 * @param shape the other facts that are needed to read the file again
 * @param plan the rules by which the content of the file is read
 * @param policy the treatment of rejected rows, and the choice of the rows that are imported
 * @param parentJob the import whose rejected rows this file repairs; null if this file repairs no
 *     import
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
    ImportPolicy policy,
    @Nullable String parentJob) {

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
        policy,
        parentJob);
  }

  /** The value in a mapping for a column that is not imported. Clients do not see it. */
  public static final String IGNORED = "-";
}
