package dev.waybill.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder of the stored files is missing: its file system is not mounted, or another one is
 * mounted in its place. The files themselves are probably safe, so a job that needs one of them
 * waits. If the folder exists but a file does not, {@link java.nio.file.NoSuchFileException} is
 * thrown instead.
 */
public final class FolderMissingException extends IOException {

  FolderMissingException(Path marker) {
    super("The upload folder is not the right one or is not mounted: there is no file " + marker);
  }
}
