package dev.waybill.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * A virtual thread per drainer. Those that may wait start together: a timer for each would cost as
 * much as the write that it saves.
 */
@Component
final class VirtualDrainers implements Drainers {

  private final Object lock = new Object();
  private List<Runnable> waiting = new ArrayList<>(); // guarded by lock

  @Override
  public void start(Runnable drainer) {
    Thread.startVirtualThread(drainer);
  }

  @Override
  public void startSoon(Runnable drainer) {
    boolean first;
    synchronized (lock) {
      first = waiting.isEmpty();
      waiting.add(drainer);
    }
    if (first) {
      Thread.startVirtualThread(this::startWaiting);
    }
  }

  private void startWaiting() {
    try {
      Thread.sleep(Duration.ofNanos(ClientStream.GATHER_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then they start sooner
    }
    List<Runnable> due;
    synchronized (lock) {
      due = waiting;
      waiting = new ArrayList<>();
    }
    due.forEach(Thread::startVirtualThread);
  }
}
