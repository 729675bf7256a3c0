package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.waybill.contract.Shows;
import dev.waybill.csvimport.Counts;
import dev.waybill.storage.PostgresServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

/** What several connections do to one job at the same time, on a real PostgreSQL. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.database=postgres",
      "waybill.import.threads=1",
      "db-scheduler.polling-interval=50ms"
    })
@Import({SteeredQueue.class, ScriptedJobs.class})
class PostgresJobsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;

  @LocalServerPort private int port;
  @Autowired private Jobs jobs;
  @Autowired private JobStore store;
  @Autowired private JobKinds kinds;
  @Autowired private JobWorker worker;
  @Autowired private JobsProperties properties;
  @Autowired private MeterRegistry registry;
  @Autowired private ScriptedKind kind;
  @Autowired private SettableClock clock;
  @Autowired private PickedTasks picked;
  @Autowired private JdbcClient database;
  @Autowired private TransactionTemplate transactions;
  @Autowired private Scheduler scheduler;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService pods = Executors.newFixedThreadPool(2);

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
    registry.add("waybill.data-dir", () -> folder);
  }

  @BeforeEach
  void resetTheClock() {
    clock.reset();
  }

  @AfterEach
  void forgetAll() {
    await().atMost(PATIENCE).until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    database.sql("DELETE FROM scheduled_tasks").update();
    database.sql("DELETE FROM job").update();
    database.sql("DELETE FROM import_job").update();
    kind.reset();
    picked.reset();
    pods.close();
    http.close();
  }

  private String enqueue(String kindName, Consumer<JobRun> script) {
    String id = jobs.newTransactionId();
    enqueue(id, kindName, script);
    return id;
  }

  private void enqueue(String id, String kindName, Consumer<JobRun> script) {
    kind.script(id, script);
    NewJob job = new NewJob(id, kindName, kindName, "products.csv");
    transactions.executeWithoutResult(
        _ -> {
          jobs.enqueue(job, JobTestBase.CALLER);
          kind.insert(id);
        });
  }

  private String enqueue(Consumer<JobRun> script) {
    return enqueue(ScriptedKind.NAME, script);
  }

  private Job awaitEnd(String id) {
    return await()
        .atMost(PATIENCE)
        .until(() -> jobs.get(id), job -> job.status().isFinished() && tasks(id) == 0);
  }

  private int tasks(String id) {
    return database
        .sql("SELECT COUNT(*) FROM scheduled_tasks WHERE task_instance = ?")
        .param(id)
        .query(Integer.class)
        .single();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> cancel(String id) {
    return send(to("/api/jobs/" + id).DELETE());
  }

  @Test
  @Shows("call.cancel")
  void aCancelDoesNotWaitForTheChunkThatIsBeingWritten() {
    List<Integer> answers = new ArrayList<>();
    String id =
        enqueue(
            run -> {
              run.commit(kind.created(3, 100));
              run.commit(
                  locked -> {
                    // The transaction around this holds the job's row.
                    answers.add(cancel(run.job().id()).statusCode());
                    return kind.created(4, 200).write(locked);
                  });
              run.commit(kind.created(5, 300));
            });

    Job job = awaitEnd(id);

    assertThat(answers).containsExactly(202);
    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(kind.counts(job)).isEqualTo(new Counts(7, 7, 0, 0, 0, 0, 0));
    assertThat(job.cancelRequested()).isTrue();
  }

  @Test
  @Shows("call.cancel.never-complete")
  void aCancelAndTheCompletionNeverBothWin() throws Exception {
    for (int i = 0; i < 40; i++) {
      CyclicBarrier together = new CyclicBarrier(2);
      String id = jobs.newTransactionId();
      kind.onCheckAccounts(id, _ -> meet(together));
      enqueue(id, ScriptedKind.NAME, run -> run.commit(kind.created(3, 1000)));
      CompletableFuture<Integer> answer =
          CompletableFuture.supplyAsync(
              () -> {
                meet(together);
                return cancel(id).statusCode();
              },
              pods);

      Job job = awaitEnd(id);

      assertThat(answer.get(10, TimeUnit.SECONDS))
          .isEqualTo(job.status() == JobStatus.CANCELLED ? 202 : 409);
      assertThat(job.cancelRequested()).isEqualTo(job.status() == JobStatus.CANCELLED);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoPodsForgetEachJobOnce() throws Exception {
    List<String> old =
        IntStream.range(0, 30).mapToObj(_ -> awaitEnd(enqueue(_ -> {})).id()).toList();
    clock.pass(properties.retention().plusMillis(1));
    double before = forgottenCounter();

    CyclicBarrier together = new CyclicBarrier(2);
    List<Future<?>> rounds =
        IntStream.range(0, 2)
            .<Future<?>>mapToObj(
                _ ->
                    pods.submit(
                        () -> {
                          meet(together);
                          new ForgetOldJobs(store, kinds, worker, properties, clock, registry)
                              .forgetOldJobs();
                        }))
            .toList();
    for (Future<?> round : rounds) {
      round.get(60, TimeUnit.SECONDS);
    }

    assertThat(kind.forgotten()).containsExactlyInAnyOrderElementsOf(old);
    assertThat(forgottenCounter() - before).isEqualTo(old.size());
  }

  private double forgottenCounter() {
    return registry.get("waybill.jobs.forgotten").counter().count();
  }

  @Test
  void aJobOfAnUnknownKindIsLeftToAPodThatKnowsIt() {
    String id = enqueue("a-newer-kind", _ -> {});

    await().atMost(PATIENCE).until(() -> picked.due(id).size() > 2);

    Job job = jobs.get(id);
    assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(job.attempt()).isZero();
    assertThat(job.idleAttempts()).isZero();
    assertThat(tasks(id)).isOne();
    assertThat(send(to("/api/jobs/" + id)).statusCode()).isEqualTo(200);
    assertThat(send(to("/api/jobs")).body()).contains(id);
  }
}
