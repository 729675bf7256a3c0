package dev.waybill.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import lombok.extern.slf4j.Slf4j;

/**
 * Protects stored files from other users of the machine. Files get the permissions 0600, folders
 * get 0700. Does nothing on file systems without POSIX permissions. Files that belong to another
 * user stay unchanged.
 */
@Slf4j
public final class OwnerOnly {

  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  /** Opens a file. If this method creates the file, the file is private from the start. */
  public static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(FILE)}
            : new FileAttribute<?>[0];
    return FileChannel.open(file, options, attributes);
  }

  /** Creates a folder if it does not exist, and makes it private. */
  public static Path createFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    restrict(folder);
    return folder;
  }

  /**
   * Makes a file or folder private. Does nothing if the file or folder does not exist. Only removes
   * permissions. So a folder that the operator has made read-only stays read-only, and the start of
   * the application reports that the folder is read-only.
   */
  public static void restrict(Path path) {
    if (!isPosix(path) || !Files.exists(path)) {
      return;
    }
    Set<PosixFilePermission> allowed = Files.isDirectory(path) ? FOLDER : FILE;
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (permissions.retainAll(allowed)) {
        Files.setPosixFilePermissions(path, permissions);
      }
    } catch (IOException e) {
      // This exception occurs if the file belongs to another user, or if the file system does not
      // allow changes of permissions.
      log.debug("Could not make {} private", path, e);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
