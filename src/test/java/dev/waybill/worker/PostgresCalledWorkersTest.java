package dev.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.job.Jobs;
import dev.waybill.storage.PostgresServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionOperations;

/** The tests of {@link CalledWorkersTest} on a real PostgreSQL. */
@TestPropertySource(properties = "waybill.database=postgres")
class PostgresCalledWorkersTest extends CalledWorkersTest {

  @Autowired Jobs jobs;
  @Autowired TransactionOperations transactions;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
  }

  /** The worker refuses the call while the transaction of the cancel request is still open. */
  @Test
  void aCancelThatComesWhileACallFailsDoesNotWaitForThePause() {
    CountDownLatch asked = new CountDownLatch(1);
    backend.answers.add(
        exchange -> {
          assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
          Backend.status(503).give(exchange);
        });
    String id = id("patient");
    worker(id, 1);

    transactions.executeWithoutResult(
        _ -> {
          jobs.cancel(id);
          asked.countDown();
          await()
              .atMost(PATIENCE)
              .until(() -> isQueuedForLater(id) || PostgresServer.hasLockWaiter(database));
        });

    awaitStatus(id, "CANCELLED");
  }

  private boolean isQueuedForLater(String id) {
    return database
        .sql("SELECT count(*) > 0 FROM worker_task WHERE task_instance = ? AND NOT picked")
        .params(id)
        .query(Boolean.class)
        .single();
  }
}
