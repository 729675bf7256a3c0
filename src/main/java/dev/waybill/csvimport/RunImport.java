package dev.waybill.csvimport;

import static java.util.stream.Collectors.toMap;

import dev.waybill.csv.CsvReader;
import dev.waybill.csv.Notice;
import dev.waybill.csv.RecordProperties;
import dev.waybill.file.StoredFiles;
import dev.waybill.file.UploadFolderHealthIndicator;
import dev.waybill.job.ChunkWork;
import dev.waybill.job.Job;
import dev.waybill.job.JobFailure;
import dev.waybill.job.JobRun;
import dev.waybill.job.JobView;
import dev.waybill.job.QueuedKind;
import dev.waybill.product.GlancedProduct;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRow;
import dev.waybill.product.ProductStore;
import dev.waybill.product.Writing;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Imports one file, one chunk after the other. Starts after the last committed chunk. A separate
 * thread parses and checks the rows. The calling thread writes the rows.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class RunImport implements QueuedKind {

  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);
  private static final int NEWEST = 5;

  /** The maximum number of stored rejections that the check before the end of a job counts. */
  private static final int REJECTIONS_TO_COUNT = 100_000;

  private final StoredFiles files;
  private final UploadFolderHealthIndicator uploadFolder;
  private final ProductStore products;
  private final ImportJobs imports;
  private final ImportStore store;
  private final CauseStore causeStore;
  private final ProductWriters writers;
  private final KeepChanges keepChanges;
  private final ImportProperties properties;
  private final RecordProperties records;
  private final KeepDryRuns keepDryRuns;
  private final RowsByMode rowsByMode;
  private final WithdrawImport withdrawImport;
  private final ImportMetrics metrics;
  private final UndoneJobs undone;
  private final WarmUp warmUp;
  private final ImportFailureWords words;
  private final JsonMapper json;
  private final Clock clock;

  @Override
  public String name() {
    return Imports.KIND;
  }

  @Override
  public boolean canRun() {
    return uploadFolder.isUsable();
  }

  @Override
  public JobView view(Job job) {
    return ImportView.of(imports.of(job)).with(undone.of(job));
  }

  @Override
  public List<JobView> listed(List<Job> jobs) {
    Map<String, Undone> known = undone.of(jobs);
    return imports.listed(jobs).stream()
        .<JobView>map(view -> view.with(known.get(view.transactionId())))
        .toList();
  }

  @Override
  public FailureWords failureWords() {
    return words;
  }

  @Override
  public void begun(Job job) {
    imports.begin(job.id(), Objects.requireNonNull(job.attemptStartedAt()));
  }

  @Override
  public void run(JobRun run) {
    warmUp.stop();
    ImportJob job = imports.of(run.job());
    if (run.job().attempt() == 1) {
      metrics.countStarted(job);
    }
    RejectionLimit limit = new RejectionLimit(job.policy());
    if (job.checking()) {
      pass(run, job, limit);
      ImportJob checked = imports.of(run.job());
      if (limit.isExceeded(checked.counts().rejected())) {
        throw limit.failure(checked.counts(), RejectionLimit.RowsBefore.NOT_WRITTEN);
      }
      run.commit(locked -> startSecondPass(locked));
      job = imports.of(run.job());
    }
    // Checks the limit first, because the previous attempt may have crashed after its last chunk
    // and before it could end the job.
    refuse(run, job, limit, job.counts());
    pass(run, job, limit);
    if (job.dryRunJob() != null) {
      noteDifferences(run, job.dryRunJob());
    }
  }

  /**
   * Reads the file from the last committed chunk to the end of the file. Writes the rows, or only
   * checks them.
   */
  private void pass(JobRun run, ImportJob job, RejectionLimit limit) {
    Optional<ImportStore.Checkpoint> checkpoint = store.checkpoint(job.id());
    MakeRejections rejects =
        new MakeRejections(properties, store.totals(job.id()), job.storedBytes(), json);
    LateRejections late = new LateRejections(rejects, () -> open(job));
    CountCauses causes = new CountCauses(causeStore, job.id());
    try (CsvReader reader = open(job)) {
      ImportProfile profile = Profiles.named(job.plan().format());
      HeaderMapping mapping =
          HeaderMapping.stored(
              reader.header(),
              job.mapping(),
              job.plan().rules(),
              imports.attributesNamedAsFields());
      ProductWriter writer =
          writers.register(job.id(), run.job().caller(), ProductStore.touched(mapping));
      if (checkpoint.isPresent()) {
        reader.resumeAt(checkpoint.get().next());
      }
      long rowsBefore = checkpoint.map(ImportStore.Checkpoint::lastRow).orElse(0L);
      ChunkSource source =
          new ChunkSource(
              reader,
              profile,
              mapping,
              rowsBefore,
              products.prepare(mapping, writer.number()),
              properties,
              rejects,
              new RepeatedSkus(properties.threads(), job.dryRun()));
      Pass pass = new Pass(run, job, mapping, writer, late, causes, limit);
      Counts committed = job.counts();
      try (ParseAhead ahead = new ParseAhead(job.id(), source::next)) {
        for (Chunk chunk; (chunk = ahead.next(LOOK_AROUND, run::checkpoint)) != null; ) {
          committed = commit(pass, chunk, committed);
        }
      }
    } catch (NoSuchFileException | EOFException e) {
      // The file is lost or incomplete. This can occur, for example, after a power failure.
      throw new JobFailure("file-lost", ImportFailureWords.fileLost(imports.of(run.job())), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("job %s: interrupted".formatted(job.id()), e);
    }
  }

  private CsvReader open(ImportJob job) throws IOException {
    return CsvReader.open(
        offset -> files.open(job.id(), offset),
        job.storedBytes(),
        FileFormat.of(job),
        records.limits(),
        HeaderMapping::fieldOf);
  }

  private ChunkWork.Written startSecondPass(Job locked) {
    store.forgetFirstPass(locked.id());
    ImportJob now = imports.startSecondPass(locked, clock.instant());
    return new ChunkWork.Written(ImportView.of(now), List.of(), null);
  }

  /**
   * Adds a notice if the counts differ from the counts of the dry run. The counts can differ
   * because the catalogue changed after the dry run. The counts can also differ if skus are
   * repeated, because a dry run compares each row only with the stored product.
   */
  private void noteDifferences(JobRun run, String dryRunId) {
    Optional<Counts> foreseen = imports.countsOf(dryRunId);
    Counts now = imports.of(run.job()).counts();
    if (foreseen.isPresent() && !foreseen.get().equals(now)) {
      Notice notice =
          Notice.of(
              "dry-run-differs",
              "The dry run counted %s; now it is %s."
                  .formatted(foreseen.get().inWords(), now.inWords()));
      run.commit(
          locked ->
              new ChunkWork.Written(
                  ImportView.of(imports.addOnce(locked, notice)), List.of(), null));
    }
  }

  /** The data that stays the same during one pass over the file. */
  private record Pass(
      JobRun run,
      ImportJob job,
      HeaderMapping mapping,
      ProductWriter writer,
      LateRejections late,
      CountCauses causes,
      RejectionLimit limit) {

    boolean checking() {
      return job.checking();
    }
  }

  /**
   * Commits a chunk. Returns the counts of the job including the chunk.
   *
   * @param before the counts of the job before the chunk. No other attempt can change them
   */
  private Counts commit(Pass pass, Chunk whole, Counts before) {
    Chunk chunk = whole;
    Counts counts;
    while (true) {
      try {
        counts = commitOnce(pass, chunk, before);
        break;
      } catch (RejectionLimit.Reached reached) {
        // The chunk was not committed. Writes the chunk again, but only up to the row that exceeds
        // the limit.
        chunk = chunk.upTo(reached.row());
      }
    }
    ImportJob job = pass.job();
    if (!isChecked(job) || pass.checking()) {
      // Counts the notices only in one pass, because a second pass has the notices of the first
      // pass again.
      metrics.count(chunk.notices());
    }
    Counts now = before.plus(counts);
    if (!pass.checking()) {
      if (!job.dryRun() && !isChecked(job)) {
        metrics.count(counts);
      }
      refuse(pass.run(), job, pass.limit(), now);
    }
    return now;
  }

  /**
   * Whether all rows are checked in a first pass before the first row is written. The products that
   * such an import writes may be taken back. So its rows are counted in the metrics only when the
   * import has ended.
   */
  private static boolean isChecked(ImportJob job) {
    return job.policy().checksFirst() && !job.dryRun();
  }

  /**
   * Fails the job if it has too many rejected rows. If the first pass had accepted the rows, first
   * takes back the products that were written.
   *
   * @param counts the counts of the job
   */
  private void refuse(JobRun run, ImportJob job, RejectionLimit limit, Counts counts) {
    if (limit.isExceeded(counts.rejected())) {
      throw limit.failure(counts, takeBack(run, job));
    }
  }

  private RejectionLimit.RowsBefore takeBack(JobRun run, ImportJob job) {
    if (job.dryRun()) {
      return RejectionLimit.RowsBefore.NOT_WRITTEN;
    }
    return job.policy().checksFirst() && withdrawImport.withdraw(run)
        ? RejectionLimit.RowsBefore.TAKEN_BACK
        : RejectionLimit.RowsBefore.STAY;
  }

  /** Commits a chunk. Returns the counts of the chunk. */
  private Counts commitOnce(Pass pass, Chunk chunk, Counts before) {
    Counts[] committed = new Counts[1];
    ImportJob job = pass.job();
    ProductWriter writer = pass.writer();
    HeaderMapping mapping = pass.mapping();
    Writing writing =
        new Writing(
            writer.number(),
            chunk.firstRow(),
            pass.checking() ? Writing.NOTHING : keepChanges.room(writer));
    pass.run()
        .commit(
            locked -> {
              Outcome[] outcomes =
                  rowsByMode.write(
                      job.policy().mode(),
                      mapping,
                      chunk.accepted(),
                      rows ->
                          job.dryRun() || pass.checking()
                              ? products.compare(mapping, rows, writing)
                              : products.upsert(mapping, rows, writing));
              Counts counts = counts(chunk, outcomes);
              if (writing.keeps() && counts.updated() > 0) {
                keepChanges.count(writer, writing).ifPresent(n -> imports.addOnce(locked, n));
              }
              if (pass.checking()) {
                committed[0] = counts.withoutProducts();
                return write(pass, locked, chunk, outcomes, new byte[0], committed[0]);
              }
              pass.limit().check(chunk, outcomes, before.rejected(), counts);
              committed[0] = counts;
              return write(pass, locked, chunk, outcomes, Outcomes.pack(chunk, outcomes), counts);
            });
    pass.causes().commit();
    return committed[0];
  }

  private ChunkWork.Written write(
      Pass pass, Job locked, Chunk chunk, Outcome[] outcomes, byte[] packed, Counts counts) {
    boolean asChecked = counts.rejected() == chunk.rejected();
    List<Rejection> rejections = asChecked ? chunk.rejections() : pass.late().with(chunk, outcomes);
    ChunkCauses ofChunk =
        asChecked ? chunk.causes() : chunk.causes().with(chunk, outcomes, rejections);
    if (!ofChunk.isEmpty()) {
      imports.writeCauses(locked.id(), pass.causes().write(ofChunk));
    }
    store.writeChunk(locked.id(), chunk, counts, packed, rejections);
    ImportJob now =
        imports.advance(
            locked,
            counts,
            notices(chunk, counts, rejections),
            pass.job().uploadedBytes(chunk.bytesRead()),
            clock.instant());
    return new ChunkWork.Written(
        ImportView.of(now),
        ImportEvents.rejected(rejections, now.counts().rejected() - counts.rejected()),
        counts.accepted() == 0 ? null : ImportEvents.rows(() -> newest(chunk.accepted())));
  }

  private static List<Notice> notices(Chunk chunk, Counts counts, List<Rejection> stored) {
    long notStored = counts.rejected() - stored.size();
    return notStored == 0
        ? chunk.notices()
        : Stream.concat(
                chunk.notices().stream(),
                Stream.of(
                    new Notice(
                        "rejections-not-stored",
                        null,
                        notStored,
                        List.of(),
                        "Rows were rejected and are counted, but not listed: the list of rejections"
                            + " is full.")))
            .toList();
  }

  private static Counts counts(Chunk chunk, Outcome[] outcomes) {
    long created = 0;
    long updated = 0;
    long unchanged = 0;
    long rejected = chunk.rejected();
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case CREATED -> created++;
        case UPDATED -> updated++;
        case UNCHANGED -> unchanged++;
        case ATTRIBUTES_TOO_LARGE, NAME_MISSING, SKU_EXISTS, SKU_UNKNOWN -> rejected++;
      }
    }
    return new Counts(
        chunk.rows(), created, updated, unchanged, rejected, chunk.merged(), chunk.skipped());
  }

  /**
   * The last accepted products in the state in which they are stored now, the newest product last.
   */
  private List<String> newest(List<ProductRow> accepted) {
    Set<String> skus = new LinkedHashSet<>();
    for (int i = accepted.size() - 1; i >= 0 && skus.size() < NEWEST; i--) {
      skus.add(accepted.get(i).sku());
    }
    Map<String, GlancedProduct> stored =
        products.glance(skus).stream().collect(toMap(GlancedProduct::sku, Function.identity()));
    return skus.stream()
        .map(stored::get)
        .filter(Objects::nonNull)
        .map(json::writeValueAsString)
        .toList()
        .reversed();
  }

  @Override
  public void checkAccounts(Job job) {
    ImportStore.Totals totals = store.totals(job.id());
    Counts counts = imports.of(job).counts();
    if (!counts.addUp()) {
      throw new IllegalStateException("job %s does not add up: %s".formatted(job.id(), counts));
    }
    if (totals.rows() != counts.rows()
        || totals.accepted() != counts.accepted()
        || totals.rejected() != counts.rejected()) {
      throw new IllegalStateException(
          "job %s: journal %s and counters %s differ".formatted(job.id(), totals, counts));
    }
    // There may be fewer stored rows than rejected rows, because some rejected rows may not be
    // stored. More stored rows than rejected rows are an error. The count is limited, because
    // counting tens of millions of rows would exceed the timeout of a connection.
    if (counts.rejected() < REJECTIONS_TO_COUNT
        && store.storedRejections(job.id(), REJECTIONS_TO_COUNT) > counts.rejected()) {
      throw new IllegalStateException(
          "job %s: more rejections stored than the %d counted"
              .formatted(job.id(), counts.rejected()));
    }
  }

  @Override
  public void forget(String jobId) {
    store.delete(jobId);
    writers.delete(jobId);
    imports.delete(jobId);
  }

  @Override
  public List<String> jobsWithRecords(String after, int limit) {
    return Stream.of(imports.idsAfter(after, limit), store.jobsWithRecords(after, limit))
        .flatMap(List::stream)
        .sorted()
        .distinct()
        .limit(limit)
        .toList();
  }

  @Override
  public void countEnd(Job job) {
    ImportJob ended = imports.of(job);
    if (isChecked(ended)) {
      metrics.count(ended.counts());
    }
  }

  @Override
  public void ended(Job job) {
    try {
      if (!keepDryRuns.keep(job)) {
        files.delete(job.id());
      }
    } catch (IOException e) {
      // Only logs the failure, because SweepFiles deletes the file later.
      log.warn("Job {}: cannot delete its file", job.id(), e);
    }
  }
}
