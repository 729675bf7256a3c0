package dev.waybill.upload;

import dev.waybill.access.Caller;
import dev.waybill.access.Quotas;
import dev.waybill.access.RefuseByQuota;
import dev.waybill.csvimport.Imports;
import dev.waybill.platform.ScopedLock;
import dev.waybill.problem.Problem;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import lombok.Locked;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Counts the bytes that uploads take on the disk, and refuses more than the limits allow. Two sorts
 * of files count. The first sort is the files of unfinished jobs, previews and dry runs. The
 * database contains their sizes for all pods. The second sort is the drafts, the files that this
 * pod is receiving. A draft counts while it grows, because a few requests of 200 KB can inflate to
 * gigabytes before the first of these requests ends.
 *
 * <p>This pod does not know the drafts of other pods. So a cluster can temporarily exceed the
 * limits by the bytes that its pods are receiving at the same time. Thread-safe.
 */
@Slf4j
@Component
class StoredBytes {

  private static final int RETRY_SECONDS = 30;

  /** The maximum age, in milliseconds, of the sums that were read from the database. */
  private static final long REFRESH_MILLIS = 1000;

  /**
   * The number of bytes that a draft reserves at once if there is room for them. A draft arrives in
   * thousands of small pieces, and each reservation adds up the bytes of all callers.
   */
  private static final long BLOCK = 1 << 20;

  private final UploadLimits limits;
  private final Supplier<Map<String, Long>> jobs;
  private final ToLongFunction<Caller> mostOf;
  private final RefuseByQuota quotas;
  private final Clock clock;

  private final ScopedLock lock = new ScopedLock();
  private final Map<String, Long> drafts = new HashMap<>(); // guarded by lock
  private Map<String, Long> ofJobs = Map.of(); // guarded by lock
  private long refreshedAt; // guarded by lock

  @Autowired
  StoredBytes(UploadLimits limits, Imports imports, Quotas quotas, Clock clock) {
    this(
        limits,
        imports::storedBytes,
        caller -> quotas.stored(caller, limits.largestFile, limits.storedPerCaller),
        quotas,
        clock);
  }

  /**
   * @param jobs the bytes of the files that the database contains, by the ID of the caller
   * @param mostOf returns the number of bytes that a caller may have
   */
  StoredBytes(
      UploadLimits limits,
      Supplier<Map<String, Long>> jobs,
      ToLongFunction<Caller> mostOf,
      RefuseByQuota quotas,
      Clock clock) {
    this.limits = limits;
    this.jobs = jobs;
    this.mostOf = mostOf;
    this.quotas = quotas;
    this.clock = clock;
  }

  /**
   * The counted bytes of one draft, rounded up to whole blocks while there is room. These bytes
   * count until this object is closed. Only one thread may use an instance.
   */
  final class Counted implements AutoCloseable {

    private final Caller caller;
    private long bytes;
    private long reserved;

    private Counted(Caller caller) {
      this.caller = caller;
    }

    /**
     * Counts bytes before they are written.
     *
     * @throws Problem 413 {@code too-large} if this draft alone exceeds a limit; 503 {@code busy}
     *     or 429 {@code quota} if this draft exceeds a limit together with other files
     */
    void add(int more) {
      long needed = bytes + more;
      if (needed > reserved) {
        refuseWhatNeverFits(caller, needed);
        refresh();
        reserved += reserve(caller, needed - reserved);
      }
      bytes = needed;
    }

    @Override
    public void close() {
      try (var _ = lock.hold()) {
        long left = drafts.getOrDefault(caller.id(), 0L) - reserved;
        if (left > 0) {
          drafts.put(caller.id(), left);
        } else {
          drafts.remove(caller.id());
        }
      }
    }
  }

  Counted start(Caller caller) {
    return new Counted(caller);
  }

  /**
   * Refuses a file that is too large even if no other file is stored. The answer must not say that
   * the client can retry later, because a retry would never succeed.
   */
  private void refuseWhatNeverFits(Caller caller, long bytes) {
    long most = mostOf.applyAsLong(caller);
    if (bytes > most) {
      throw neverFits(
          most,
          most < limits.storedPerCaller
              ? "waybill.quotas.stored"
              : "waybill.upload.max-stored-per-caller");
    }
    if (bytes > limits.stored) {
      throw neverFits(limits.stored, "waybill.upload.max-stored");
    }
  }

  private static Problem neverFits(long most, String setting) {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "The file is too large",
        "The file needs more than %,d bytes on the disk, the limit that the operator has set by %s."
            .formatted(most, setting));
  }

  /** Reserves at least this number of bytes, or refuses them. Returns the reserved number. */
  @Locked("lock")
  private long reserve(Caller caller, long least) {
    long most = mostOf.applyAsLong(caller);
    long own = drafts.getOrDefault(caller.id(), 0L);
    long leftOfCaller = most - own - ofJobs.getOrDefault(caller.id(), 0L);
    long left = limits.stored - sum(drafts) - sum(ofJobs);
    if (least > leftOfCaller) {
      throw quotas.refuse(
          "stored",
          most,
          RETRY_SECONDS,
          "Your uploads that are not imported yet take more than %,d bytes. Wait until one of them has ended."
              .formatted(most));
    }
    if (least > left) {
      throw BusyProblems.busy(
          "The uploads that are not imported yet take more than %,d bytes. Try again later."
              .formatted(limits.stored),
          RETRY_SECONDS);
    }
    long taken = Math.max(least, Math.min(BLOCK, Math.min(leftOfCaller, left)));
    drafts.put(caller.id(), own + taken);
    return taken;
  }

  private static long sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private void refresh() {
    long now = clock.millis();
    try (var _ = lock.hold()) {
      // Also refreshes the sums if the clock was set back. Otherwise the sums would not be
      // refreshed until the clock reaches the old time again.
      if (refreshedAt <= now && now - refreshedAt < REFRESH_MILLIS) {
        return;
      }
      refreshedAt = now;
    }
    try {
      Map<String, Long> found = jobs.get();
      try (var _ = lock.hold()) {
        ofJobs = found;
      }
    } catch (DataAccessException e) {
      // Does not fail the upload, because the database may answer again before the upload ends. If
      // the database does not answer by then, the upload fails when its job is stored.
      log.debug("Could not read the bytes of unfinished jobs", e);
    }
  }
}
