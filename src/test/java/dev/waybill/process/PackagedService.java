package dev.waybill.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The packaged service in the form in which the image has it: extracted, so that the JVM can keep
 * its classes in a cache. The tests start the service some hundred times, and the cache halves the
 * processor time of a start. The first test that needs the cache makes it; other test processes
 * wait for it.
 */
public final class PackagedService {

  /** Changes the extracted service before its cache is made. */
  @FunctionalInterface
  public interface Change {
    void to(Path jar) throws IOException;
  }

  private static final Path JAR = Path.of(System.getProperty("waybill.jar", "target/waybill.jar"));

  /** The second compiler would cost more time than it saves in the short life of a process. */
  private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1");

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final PackagedService UNCHANGED = new PackagedService("extracted", _ -> {});

  private final String name;
  private final Change change;

  /**
   * @param name the start of the name of the folder in which the service is kept
   * @param change adds to the classes of the service
   */
  public PackagedService(String name, Change change) {
    this.name = name;
    this.change = change;
  }

  /** The arguments of {@code java} that run the service, before the service's own arguments. */
  public static List<String> arguments() {
    return Stream.concat(
            UNCHANGED.options().stream(), Stream.of("-jar", UNCHANGED.jar().toString()))
        .toList();
  }

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The options of {@code java} with which the service starts fast. */
  public List<String> options() {
    return Stream.concat(OPTIONS.stream(), Stream.of("-XX:AOTCache=" + cache(folder()))).toList();
  }

  /** The jar with the classes of the service, beside the folder with its libraries. */
  public Path jar() {
    return jar(folder());
  }

  private static Path jar(Path folder) {
    return folder.resolve(JAR.getFileName());
  }

  private static Path cache(Path folder) {
    return folder.resolve("classes.aot");
  }

  /** The folder of this jar. A later build makes another jar, and so needs another folder. */
  private Path folder() {
    synchronized (PackagedService.class) {
      Path target = JAR.toAbsolutePath().getParent();
      try (FileChannel lock =
          FileChannel.open(
              target.resolve(name + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        lock.lock();
        Path folder = target.resolve(name + "-" + Files.getLastModifiedTime(JAR).toMillis());
        if (!Files.exists(cache(folder))) {
          make(folder);
        }
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private void make(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    await(
        start(
            folder.resolve("extract.log"),
            List.of(
                "-Djarmode=tools",
                "-jar",
                JAR.toString(),
                "extract",
                "--force",
                "--destination",
                folder.toString())));
    change.to(jar(folder));
    Path log = folder.resolve("start.log");
    Path unfinished = folder.resolve("unfinished.aot");
    Process service =
        start(
            log,
            Stream.concat(
                    OPTIONS.stream(),
                    Stream.of(
                        "-XX:AOTCacheOutput=" + unfinished,
                        "-jar",
                        jar(folder).toString(),
                        "--server.port=0",
                        "--waybill.data-dir=" + folder.resolve("data")))
                .toList());
    try {
      Awaitility.await("service started, see " + log)
          .atMost(PATIENCE)
          .until(
              () ->
                  !service.isAlive()
                      || Files.readString(log).contains("Started WaybillApplication in"));
    } finally {
      service.destroy();
    }
    // The JVM writes the cache at its end.
    await(service);
    Files.move(unfinished, cache(folder), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Process start(Path log, List<String> arguments) throws IOException {
    return new ProcessBuilder(Stream.concat(Stream.of(java()), arguments.stream()).toList())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void await(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("This did not end: " + process.info());
    }
  }
}
