package dev.waybill.csvimport;

import dev.waybill.csv.Shape;
import dev.waybill.job.ChunkWork;
import dev.waybill.job.Job;
import dev.waybill.job.JobView;
import dev.waybill.job.QueuedKind;
import dev.waybill.product.HeaderMapping;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Adds a row in the real table of imports to jobs whose work is a script of the test. */
public final class ScriptedImports {

  private final ImportJobs store;
  private final ImportFailureWords words;
  private final Clock clock;

  ScriptedImports(ImportJobs store, ImportFailureWords words, Clock clock) {
    this.store = store;
    this.words = words;
    this.clock = clock;
  }

  /** Makes an instance for a database without a running service. */
  public static ScriptedImports on(JdbcClient database) {
    ImportJobs store = new ImportJobs(database, database, JsonMapper.shared());
    return new ScriptedImports(store, new ImportFailureWords(store), Clock.systemUTC());
  }

  public void insert(String id) {
    store.insert(
        new NewImport(
            id,
            "products.csv",
            false,
            1000,
            1000,
            "",
            "UTF-8",
            "comma",
            Shape.PLAIN,
            new ImportPlan("general", HeaderMapping.of(List.of("sku"), Map.of()), List.of()),
            ImportPolicy.USUAL,
            null),
        id);
  }

  public JobView view(Job job) {
    return ImportView.of(store.of(job));
  }

  public List<JobView> listed(List<Job> jobs) {
    return List.copyOf(store.listed(jobs));
  }

  public void begun(Job job) {
    store.begin(job.id(), Objects.requireNonNull(job.attemptStartedAt()));
  }

  public Counts counts(Job job) {
    return store.of(job).counts();
  }

  public void checkCounts(Job job) {
    if (!counts(job).addUp()) {
      throw new IllegalStateException("job %s does not add up".formatted(job.id()));
    }
  }

  public QueuedKind.FailureWords words() {
    return words;
  }

  /** A chunk that publishes no events. */
  public ChunkWork chunk(Counts counts, long bytesRead) {
    return job -> {
      ImportJob now = store.advance(job, counts, List.of(), bytesRead, clock.instant());
      return new ChunkWork.Written(ImportView.of(now), List.of(), null);
    };
  }
}
