package dev.waybill.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

/** What happens to a call that is queued again at the end of the call before. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class CallQueueTest {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A table that the application does not use, because it does not know Kafka. */
  private static final String TABLE = "kafka_task";

  @TempDir static Path folder;

  @Autowired JdbcClient database;
  @Autowired TransactionOperations transactions;
  @Autowired CallQueues queues;
  private final AtomicInteger calls = new AtomicInteger();
  private @Nullable CallQueue queue;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @AfterEach
  void stop() {
    Objects.requireNonNull(queue).stop();
  }

  /**
   * Queues a call, of which a second one is expected.
   *
   * @param during runs in the first call
   * @param queuedAgain asked after the first call, whether another call is needed
   */
  void awaitTwoCalls(Runnable during, BooleanSupplier queuedAgain) {
    queue =
        queues.open(
            TABLE,
            1,
            new CallQueue.Handler() {
              @Override
              public @Nullable Duration call(String id) {
                if (calls.incrementAndGet() == 1) {
                  during.run();
                }
                return null;
              }

              @Override
              public boolean isQueuedAgain(String id) {
                return calls.get() == 1 && queuedAgain.getAsBoolean();
              }
            });
    transactions.executeWithoutResult(_ -> queue().enqueue("job"));
    await().atMost(PATIENCE).until(() -> calls.get() == 2 && queued() == 0);
  }

  CallQueue queue() {
    return Objects.requireNonNull(queue);
  }

  private void hurry() {
    transactions.executeWithoutResult(_ -> queue().hurry("job"));
  }

  private int queued() {
    return database.sql("SELECT COUNT(*) FROM " + TABLE).query(Integer.class).single();
  }

  @Test
  void aCallThatIsQueuedAgainDuringTheLastOneIsMade() {
    awaitTwoCalls(this::hurry, () -> true);
  }

  /** The failure stands for a process that dies, or a database that fails, at this moment. */
  @Test
  @Shows("webhook.crash")
  void aCallStaysQueuedUntilItIsKnownThatNoOtherCallIsNeeded() {
    AtomicInteger stillQueued = new AtomicInteger();

    awaitTwoCalls(
        () -> {},
        () -> {
          stillQueued.set(queued());
          throw new IllegalStateException("the process dies");
        });

    assertThat(stillQueued).hasValue(1);
  }

  @Test
  void aCallThatIsQueuedAgainAfterTheLastCheckIsMade() {
    awaitTwoCalls(
        () -> {},
        () -> {
          // Another thread, because the request does not belong to the queue's transaction.
          CompletableFuture.runAsync(this::hurry).join();
          return false;
        });
  }
}
