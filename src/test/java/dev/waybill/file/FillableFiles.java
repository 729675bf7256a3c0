package dev.waybill.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
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

  /** Every file in the folder, drafts included, without the folder's marker. */
  public List<String> names() throws IOException {
    return StoredNames.in(folder);
  }
}
