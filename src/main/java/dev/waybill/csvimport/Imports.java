package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.job.Job;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.job.NewJob;
import java.util.HashMap;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The imports, for classes that create them. Thread-safe. */
@Service
@RequiredArgsConstructor
public class Imports {

  static final String KIND = "csv-import";

  private final Jobs jobs;
  private final ImportJobs store;

  /**
   * Stores an import and queues it for its caller, in the open transaction.
   *
   * @param callbackUrl where its end is posted, or null
   */
  public JobView enqueue(NewImport created, @Nullable String callbackUrl, Caller caller) {
    Job job =
        jobs.enqueue(new NewJob(created.id(), KIND, KIND, created.fileName(), callbackUrl), caller);
    store.insert(created);
    return ImportView.of(store.inTransaction(job));
  }

  /** The bytes of the uploaded files of unfinished imports, by the ID of the caller. */
  public Map<String, Long> unfinishedBytes() {
    Map<String, String> callers = jobs.callersOfUnfinished(KIND);
    Map<String, Long> bytes = new HashMap<>();
    store
        .bytesTotal(callers.keySet())
        .forEach((id, total) -> bytes.merge(callers.getOrDefault(id, ""), total, Long::sum));
    return bytes;
  }
}
