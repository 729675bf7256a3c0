package dev.waybill.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The data folder. On a single machine, the process locks the folder with a lock of the operating
 * system. Without the lock, a second process would consider the running jobs of the first process
 * abandoned. The operating system releases the lock when the process ends, even after a crash. If
 * several pods share one folder, the folder is not locked.
 */
@Slf4j
public final class DataFolder implements AutoCloseable {

  private final Path path;
  private final @Nullable FileChannel lockFile;

  private DataFolder(Path path, @Nullable FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Creates the folder if it does not exist, and locks it.
   *
   * @throws StorageUnusableException if another process has locked the folder, or the folder cannot
   *     be written
   */
  static DataFolder lock(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      OwnerOnly.createFolder(path);
      FileChannel lockFile =
          OwnerOnly.open(
              path.resolve("waybill.lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
      OwnerOnly.restrict(path.resolve("waybill.lock"));
      if (tryLock(lockFile) == null) {
        lockFile.close();
        throw new StorageUnusableException(
            "Another Waybill process is using the data folder %s.".formatted(path),
            "Stop that process, or give this one a folder of its own:"
                + " --waybill.data-dir=/some/other/folder",
            null);
      }
      return new DataFolder(path, lockFile);
    } catch (IOException e) {
      throw new StorageUnusableException(
          "The data folder %s cannot be written (%s)."
              .formatted(path, e.getClass().getSimpleName()),
          "Make it writable for the user that runs Waybill, or name another one:"
              + " --waybill.data-dir=/some/other/folder",
          e);
    }
  }

  /**
   * Creates a folder that several pods share, if it does not exist.
   *
   * @throws StorageUnusableException if the folder cannot be written
   */
  static DataFolder share(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      OwnerOnly.createFolder(path);
      // Writes a file to check whether the folder can be written. Permissions do not show whether a
      // file system is mounted read-only.
      Files.delete(Files.createTempFile(path, "writable", ".probe"));
      return new DataFolder(path, null);
    } catch (IOException e) {
      throw new StorageUnusableException(
          "The folder %s, where the pods share their uploads, cannot be written (%s)."
              .formatted(path, e.getClass().getSimpleName()),
          "Mount one folder into every pod, writable for the user that runs Waybill, and name it:"
              + " --waybill.data-dir=/the/shared/folder",
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /**
   * Returns the path of a file that only the owner can read. If the file does not exist, creates an
   * empty file. This method is used for the SQLite database. SQLite gives each file that it creates
   * next to the database the same permissions as the database file.
   *
   * @param others the names of other files in the same folder; these files are also made private if
   *     they exist
   */
  Path createPrivate(String name, String... others) {
    Path file = path.resolve(name);
    try {
      OwnerOnly.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE)).close();
    } catch (IOException e) {
      // Only logs the failure, because the code that opens the file later also reports it.
      log.debug("Could not create {}", file, e);
    }
    OwnerOnly.restrict(file);
    for (String other : others) {
      OwnerOnly.restrict(path.resolve(other));
    }
    return file;
  }

  /** The path of a file or folder inside the data folder. */
  public Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() {
    if (lockFile == null) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
