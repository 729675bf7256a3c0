package dev.waybill.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Files in a folder whose disk can be full. */
public class FillableFiles extends FolderFiles {

  private final Path folder;
  private volatile boolean full;

  public FillableFiles(Path folder) throws IOException {
    super(folder);
    this.folder = folder;
  }

  public void fill(boolean full) {
    this.full = full;
  }

  @Override
  FileChannel openDraft(Path path) throws IOException {
    return full
        ? FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)
        : super.openDraft(path);
  }

  /** Everything in the folder, drafts included. */
  public List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
