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
 * Stops this process where a test has armed a point: by a file of its name, which the first pod
 * that gets there takes away. What becomes of the stopped process is left to the test.
 *
 * <p>It can slow imports down as well, so that they last as long as a test needs.
 */
final class StopTheClock {

  /** Its number on Linux, which {@code scripts/cluster} needs as well. */
  private static final int SIGSTOP = 19;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path armed;
  private final MethodHandle raise;

  StopTheClock(Path armed) {
    this.armed = armed;
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor raises = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    raise = linker.downcallHandle(linker.defaultLookup().findOrThrow("raise"), raises);
  }

  /** Pauses after a chunk, while the file is there that asks for it. */
  void afterAChunk() throws InterruptedException {
    if (Files.exists(armed.resolve(FaultPoints.SLOWLY))) {
      Thread.sleep(PAUSE);
    }
  }

  /** Returns at once, or when the process was told to go on. */
  void at(FaultPoint point) {
    try {
      if (Files.deleteIfExists(armed.resolve(point.name()))) {
        // To this very thread, which thus does not get past the point, as it might with a signal
        // from outside.
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
