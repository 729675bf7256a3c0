package dev.waybill.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks into a folder of uploads from outside. */
public final class StoredNames {

  private StoredNames() {}

  /**
   * The names of all files there, drafts included, without those that Waybill itself keeps there.
   */
  public static List<String> in(Path uploads) throws IOException {
    try (var files = Files.list(uploads)) {
      return files
          .map(file -> file.getFileName().toString())
          // The folder's own files: its marker, and the probe of a health check.
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }
}
