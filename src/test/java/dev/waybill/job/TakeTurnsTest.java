package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.access.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Callers take turns, however many jobs one of them has queued. */
class TakeTurnsTest extends JobTestBase {

  private static final Caller FLOOD = new Caller("address:198.51.100.1");
  private static final Caller OTHER = new Caller("address:198.51.100.2");
  private static final Caller THIRD = new Caller("address:198.51.100.3");

  @Autowired private TakeTurns takeTurns;

  private final CountDownLatch busy = new CountDownLatch(1);

  @AfterEach
  void release() {
    busy.countDown();
  }

  @Test
  void aJobOfAnotherCallerGoesBeforeTheSecondOfAFlood() {
    List<String> order = new ArrayList<>();
    String running = add(order, FLOOD, "flood 0");
    await().until(() -> kind.runs().contains(running));
    for (int i = 1; i <= 8; i++) {
      add(order, FLOOD, "flood " + i);
    }
    add(order, OTHER, "other 1");
    add(order, OTHER, "other 2");
    add(order, THIRD, "third 1");

    busy.countDown();

    await().atMost(PATIENCE).until(() -> size(order) == 12);
    // The scheduler may have looked ahead before the others came, by at most three jobs.
    assertThat(order.indexOf("other 1")).isLessThan(5);
    assertThat(order.indexOf("third 1")).isLessThan(7);
    assertThat(order.indexOf("other 2")).isLessThan(9);
    assertThat(order.getLast()).startsWith("flood");
  }

  @Test
  void theCallerThatWasServedLongestAgoGoesFirst() {
    scheduler.pause();
    try {
      String flood1 = enqueue(FLOOD);
      String flood2 = enqueue(FLOOD);
      String other = enqueue(OTHER);
      String third = enqueue(THIRD);
      startedAt(flood1, 30);
      served(OTHER, 20);
      served(THIRD, 10);

      takeTurns.moveUp();

      assertThat(byPriority()).containsExactly(flood1, third, other, flood2);
    } finally {
      scheduler.resume();
    }
  }

  @Test
  void aNewJobTakesItsTurnAtOnce() {
    scheduler.pause();
    try {
      String flood1 = enqueue(FLOOD);
      String flood2 = enqueue(FLOOD);
      takeTurns.moveUp();

      String other = enqueue(OTHER);

      assertThat(byPriority().indexOf(other)).isLessThan(byPriority().indexOf(flood2));
      assertThat(byPriority()).contains(flood1);
    } finally {
      scheduler.resume();
    }
  }

  @Test
  void jobsOfAVersionBeforeAreOneCaller() {
    scheduler.pause();
    try {
      String first = enqueue(FLOOD);
      String second = enqueue(OTHER);
      database.sql("UPDATE job SET caller = NULL").update();
      database.sql("UPDATE scheduled_tasks SET priority = NULL").update();
      String third = enqueue(THIRD);

      takeTurns.moveUp();

      assertThat(byPriority()).containsExactly(first, third, second);
    } finally {
      scheduler.resume();
    }
  }

  private void startedAt(String id, long millis) {
    database
        .sql("UPDATE job SET status = 'RUNNING', started_at = ? WHERE id = ?")
        .params(millis, id)
        .update();
  }

  /** Makes an earlier job of this caller that started at the given time. */
  private void served(Caller caller, long millis) {
    String id = enqueue(caller);
    startedAt(id, millis);
    database.sql("UPDATE job SET status = 'COMPLETED' WHERE id = ?").param(id).update();
    database.sql("DELETE FROM scheduled_tasks WHERE task_instance = ?").param(id).update();
  }

  private List<String> byPriority() {
    return database
        .sql("SELECT task_instance FROM scheduled_tasks ORDER BY priority DESC, execution_time ASC")
        .query(String.class)
        .list();
  }

  private String enqueue(Caller caller) {
    String id = jobs.newTransactionId();
    clock.pass(Duration.ofMillis(1));
    enqueue(id, caller, _ -> {});
    return id;
  }

  private String add(List<String> order, Caller caller, String name) {
    String id = jobs.newTransactionId();
    clock.pass(Duration.ofMillis(1));
    enqueue(
        id,
        caller,
        _ -> {
          awaitLatch(busy);
          clock.pass(Duration.ofMillis(1));
          // Recomputes the turns from the table. Jobs of usual length run long enough for this to
          // happen by itself.
          takeTurns.moveUp();
          synchronized (order) {
            order.add(name);
          }
        });
    return id;
  }

  private static int size(List<String> order) {
    synchronized (order) {
      return order.size();
    }
  }
}
