package dev.waybill.faults;

import dev.waybill.faults.pod.FaultPoints;
import dev.waybill.process.PackagedService;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The packaged service with the fault points added to its classes. */
final class ServiceWithFaultPoints {

  static final PackagedService SERVICE =
      new PackagedService("with-fault-points", ServiceWithFaultPoints::addTo);

  private ServiceWithFaultPoints() {}

  private static void addTo(Path jar) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(jar)) {
      Path target = inside.getPath("/", packageName().replace('.', '/'));
      Files.createDirectories(target);
      for (Path each : classes()) {
        // Fails if the entry exists: the jar of a normal start must have no fault point.
        Files.copy(each, target.resolve(each.getFileName().toString()));
      }
    }
  }

  private static String packageName() {
    return FaultPoints.class.getPackageName();
  }

  private static List<Path> classes() throws IOException {
    try {
      Path all =
          Path.of(FaultPoints.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.list(all.resolve(packageName().replace('.', '/')))) {
        return files.toList();
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
