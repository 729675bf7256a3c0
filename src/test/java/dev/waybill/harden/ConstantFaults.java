package dev.waybill.harden;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Repeatedly freezes the service, or locks its database, for a short time. */
final class ConstantFaults {

  /** Shorter than the service waits for a lock, and longer than what it treats as a freeze. */
  private static final int LONGEST_MILLIS = 7_000;

  private final ServiceUnderStress service;
  private final Path dataDir;
  private final Random random;
  private final LongAdder freezes = new LongAdder();
  private final LongAdder locks = new LongAdder();

  ConstantFaults(ServiceUnderStress service, Path dataDir, Random random) {
    this.service = service;
    this.dataDir = dataDir;
    this.random = random;
  }

  /** Causes one fault after the other, until the test is over. Blocks. */
  void run(BooleanSupplier over) throws Exception {
    for (int i = 0; !over.getAsBoolean(); i++) {
      sleep(500 + random.nextInt(4_500));
      int millis = 1 + random.nextInt(random.nextInt(4) == 0 ? LONGEST_MILLIS : 500);
      if (i % 2 == 0) {
        freeze(millis);
      } else {
        lock(millis);
      }
    }
  }

  private void freeze(int millis) throws Exception {
    service.signal("STOP");
    try {
      sleep(millis);
    } finally {
      service.signal("CONT");
    }
    freezes.increment();
  }

  private void lock(int millis) throws Exception {
    try (ForeignLock _ = ForeignLock.take(dataDir)) {
      sleep(millis);
    }
    locks.increment();
  }

  private static void sleep(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Override
  public String toString() {
    return "%d freezes, %d locks".formatted(freezes.sum(), locks.sum());
  }
}
