package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Shape;
import dev.waybill.job.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an import has beside the common fields of a job, as it stands in the database at one moment.
 *
 * @param mapping header to field, null for an attribute, in the order of the file; {@link
 *     NewImport#IGNORED} for a column that is not imported
 * @param shape what makes the file differ from plain CSV
 * @param storedBytes the size of what is stored of the file
 * @param bytesRead how much of the uploaded file committed chunks cover
 * @param updatedAt when the last chunk was committed, or when the attempt began if it has committed
 *     none
 * @param attemptStartRows how many rows were committed when the last attempt began
 * @param attemptStartBytes how many bytes they covered
 * @param plan how the file is read
 * @param causes the most frequent causes of rejections
 * @param notices what must not pass in silence
 * @param policy what is done with rejected rows, and which rows are taken
 * @param checking whether rows are only checked for now; see {@link ImportPolicy#checksFirst}
 * @param dryRunJob the dry run whose file is imported; null if there is none
 * @param summary what the updates change; null where it is not known
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
    @Nullable ChangeSummary summary) {

  /** So many bytes of what is stored, as bytes of the uploaded file. */
  long uploadedBytes(long ofStored) {
    return storedBytes == bytesTotal || storedBytes == 0
        ? ofStored
        : Math.min(bytesTotal, (long) ((double) ofStored / storedBytes * bytesTotal));
  }

  String id() {
    return job.id();
  }
}
