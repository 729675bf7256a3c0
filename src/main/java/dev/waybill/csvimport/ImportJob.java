package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Shape;
import dev.waybill.job.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data that an import has in addition to the common fields of a job, as stored at one moment.
 *
 * @param mapping the field of each column by its header, in the order of the file; null for an
 *     attribute; {@link NewImport#IGNORED} for a column that is not imported
 * @param shape the differences between the file and plain CSV
 * @param storedBytes the size of the stored file
 * @param bytesRead the number of bytes of the uploaded file that the committed chunks cover
 * @param updatedAt the time at which the last chunk of this attempt was committed. If this attempt
 *     has committed no chunk, the time at which the attempt started
 * @param attemptStartRows the number of rows that were committed when the last attempt started. If
 *     the same attempt has continued with the second pass, this is the number of rows that the
 *     attempt read in the first pass, as a negative number
 * @param attemptStartBytes the number of bytes, defined in the same way as {@code attemptStartRows}
 * @param plan the rules by which the file is read
 * @param causes the most frequent causes of rejections
 * @param notices the notices for the user about the file
 * @param policy the treatment of rejected rows, and the choice of the rows that are imported
 * @param checking whether the job is in its first pass, which only checks the rows; see {@link
 *     ImportPolicy#checksFirst}
 * @param dryRunJob the dry run whose file is imported; null if the file is not from a dry run
 * @param parentJob the import whose rejected rows this import repairs; null if this import repairs
 *     no import
 * @param repairedRows the number of rows that were accepted by the imports that repair this import,
 *     at most the number of rows that this import has rejected; null if no import repairs it
 * @param summary the changes that the updates make; null if the changes are not known
 */
record ImportJob(
    Job job,
    String fileName,
    boolean dryRun,
    String charset,
    String delimiter,
    Shape shape,
    Map<String, @Nullable String> mapping,
    long bytesTotal,
    long storedBytes,
    long bytesRead,
    Counts counts,
    @Nullable Instant updatedAt,
    long attemptStartRows,
    long attemptStartBytes,
    ImportPlan.Stored plan,
    List<Cause> causes,
    List<Notice> notices,
    ImportPolicy policy,
    boolean checking,
    @Nullable String dryRunJob,
    @Nullable String parentJob,
    @Nullable Long repairedRows,
    @Nullable ChangeSummary summary) {

  /** Converts a number of bytes of the stored file to bytes of the uploaded file, in proportion. */
  long uploadedBytes(long ofStored) {
    return storedBytes == bytesTotal || storedBytes == 0
        ? ofStored
        : Math.min(bytesTotal, (long) ((double) ofStored / storedBytes * bytesTotal));
  }

  String id() {
    return job.id();
  }
}
