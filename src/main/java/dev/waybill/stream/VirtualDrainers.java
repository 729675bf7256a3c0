package dev.waybill.stream;

import java.time.Duration;
import org.springframework.stereotype.Component;

/** Starts a virtual thread for each drainer. A drainer writes the waiting frames to one client. */
@Component
final class VirtualDrainers implements Drainers {

  @Override
  public void start(Runnable drainer) {
    Thread.startVirtualThread(drainer);
  }

  @Override
  public void startIn(long nanos, Runnable round) {
    Thread.startVirtualThread(
        () -> {
          try {
            Thread.sleep(Duration.ofNanos(nanos));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the round then runs sooner
          }
          round.run();
        });
  }
}
