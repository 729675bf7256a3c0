package dev.waybill.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown if the folder of the stored files is missing: either its file system is not mounted, or
 * another file system is mounted in its place. The stored files probably still exist, so a job that
 * needs a file waits. If the folder exists but a file does not exist, {@link
 * java.nio.file.NoSuchFileException} is thrown instead.
 */
public final class FolderMissingException extends IOException {

  FolderMissingException(Path marker) {
    super("The upload folder is not the right one or is not mounted: there is no file " + marker);
  }
}
