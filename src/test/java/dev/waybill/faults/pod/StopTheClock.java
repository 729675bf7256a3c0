package dev.waybill.faults.pod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Freezes this process at a point that a test has armed. A point is armed by a file of its name,
 * which the first pod that reaches it deletes. The test decides what becomes of the frozen process.
 *
 * <p>It can also slow imports down, so that they last as long as a test needs.
 */
final class StopTheClock {

  /** The number of the signal on Linux; {@code scripts/cluster} needs Linux too. */
  private static final int SIGSTOP = 19;

  /**
   * How much slower each chunk becomes. This sleep is the fault itself; no test uses it to wait for
   * something.
   */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path armed;
  private final MethodHandle raise;

  StopTheClock(Path armed) {
    this.armed = armed;
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor raises = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    raise = linker.downcallHandle(linker.defaultLookup().findOrThrow("raise"), raises);
  }

  /** Pauses after a chunk while the file exists that asks for slow imports. */
  void afterAChunk() throws InterruptedException {
    if (Files.exists(armed.resolve(FaultPoints.SLOWLY))) {
      Thread.sleep(PAUSE);
    }
  }

  /** Returns immediately if the point is not armed, otherwise after the process was thawed. */
  void at(FaultPoint point) {
    try {
      if (Files.deleteIfExists(armed.resolve(point.name()))) {
        // The signal is sent to this thread, so the thread cannot pass the point. With a signal
        // from another process it could.
        int failed = (int) raise.invokeExact(SIGSTOP);
        if (failed != 0) {
          throw new IllegalStateException("cannot stop at " + point);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
