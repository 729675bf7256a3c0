package dev.waybill.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.storage.PostgresServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The tests of {@link CallQueueTest} on a real PostgreSQL. */
@TestPropertySource(properties = "waybill.database=postgres")
class PostgresCallQueueTest extends CallQueueTest {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
  }

  /** The process may die right after the commit, so nothing may be left to do then. */
  @Test
  @Shows("webhook.again")
  void aCallIsMadeAgainIfATransactionAsksForItWhileTheLastOneEnds() {
    database.sql("CREATE TABLE asked_again (id text)").update();
    AtomicBoolean checked = new AtomicBoolean();
    CountDownLatch asked = new CountDownLatch(1);

    awaitTwoCalls(
        () -> {
          Thread.ofVirtual()
              .start(() -> transactions.executeWithoutResult(_ -> askAgain(asked, checked)));
          assertThat(isOpen(asked)).isTrue();
        },
        () -> {
          checked.set(true);
          return database.sql("SELECT count(*) FROM asked_again").query(Integer.class).single() > 0;
        });
  }

  /** Stays open until the queue either waits for this transaction or has decided without it. */
  private void askAgain(CountDownLatch asked, AtomicBoolean checked) {
    database.sql("INSERT INTO asked_again VALUES ('job')").update();
    queue().hurry("job");
    asked.countDown();
    await().atMost(PATIENCE).until(() -> checked.get() || PostgresServer.hasLockWaiter(database));
  }

  private static boolean isOpen(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
