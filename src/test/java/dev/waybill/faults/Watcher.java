package dev.waybill.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches a job until the server answers that there is nothing more to come. Each watcher behaves
 * in its own {@link Manner}. If its stream is cut, it reconnects with the last ID that it has seen:
 * to nginx again, as an EventSource does, or from a dead pod to any entry.
 */
final class Watcher implements Watching {

  enum Manner {
    STAYS,
    /** Disconnects now and then, and resumes at another entry. */
    COMES_AND_GOES,
    /** Disconnects now and then, and starts again without an ID. */
    STARTS_ANEW,
    READS_SLOWLY
  }

  private final Manner manner;
  private final List<Integer> entries;
  private final String jobId;
  private final Random random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private int entry;

  // Written by the thread, read after it has ended.
  private final List<Watch> watches = new ArrayList<>();
  private final List<String> oddities = new ArrayList<>();
  private boolean sentAway;

  Watcher(Manner manner, List<Integer> entries, int entry, String jobId, long seed) {
    this.manner = manner;
    this.entries = entries;
    this.entry = entry;
    this.jobId = jobId;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().name("watcher").start(this::watch);
  }

  private void watch() {
    try {
      pause(random.nextInt(2000));
      @Nullable Event last = null;
      while (!sentAway && closed.getCount() > 0) {
        boolean withoutId =
            last == null || manner == Manner.STARTS_ANEW && !last.isFinal() && random.nextBoolean();
        last = connect(withoutId ? null : last);
        pause(20 + random.nextInt(100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Event connect(@Nullable Event last) throws InterruptedException {
    int port = entries.get(entry);
    @Nullable String lastId = last == null ? null : last.id();
    try (SseConnection connection = SseConnection.open(port, jobId, lastId)) {
      if (connection.status() != 200) {
        sentAway = connection.status() == 204;
        if (!sentAway) {
          oddities.add("status " + connection.status() + " at " + port);
        }
        return last;
      }
      List<Event> events = new ArrayList<>();
      if (last == null) {
        watches.add(new Watch(new ArrayList<>()));
      }
      watches.getLast().connections().add(new Connection(port, lastId, events));
      int patience = manner == Manner.STAYS ? Integer.MAX_VALUE : 1 + random.nextInt(40);
      for (Event event; patience-- > 0 && (event = connection.next()) != null; ) {
        last = event;
        events.add(event);
        if (manner == Manner.READS_SLOWLY) {
          pause(random.nextInt(300));
        }
      }
      if (manner != Manner.STAYS) {
        entry = random.nextInt(entries.size());
      }
    } catch (IOException e) {
      // nginx is the last entry, and it must always be possible to reconnect there.
      entry = entry == entries.size() - 1 ? entry : random.nextInt(entries.size());
    }
    return last;
  }

  private void pause(int millis) throws InterruptedException {
    closed.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean awaitSentAway(long millis) throws InterruptedException {
    thread.join(millis);
    return !thread.isAlive() && sentAway;
  }

  @Override
  public List<Watch> watches() {
    return watches;
  }

  @Override
  public List<String> oddities() {
    return oddities;
  }

  @Override
  public String toString() {
    return "watcher that " + manner + " now at " + entries.get(entry);
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
