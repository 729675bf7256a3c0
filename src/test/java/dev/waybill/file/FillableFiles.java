package dev.waybill.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Files in a folder whose disk can be full, or fails when a draft is closed. */
public class FillableFiles extends FolderFiles {

  private final Path folder;
  private volatile boolean full;
  private volatile boolean failsToClose;

  public FillableFiles(Path folder) throws IOException {
    super(folder);
    this.folder = folder;
  }

  public void fill(boolean full) {
    this.full = full;
  }

  public void failToClose(boolean fails) {
    failsToClose = fails;
  }

  @Override
  public Draft begin() throws IOException {
    Draft draft = super.begin();
    return failsToClose ? new UnclosableDraft(draft) : draft;
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

  /** Closes the file, but reports a failure of the disk, as NFS may do. */
  private record UnclosableDraft(Draft draft) implements Draft {

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      draft.write(bytes, offset, length);
    }

    @Override
    public long size() {
      return draft.size();
    }

    @Override
    public InputStream open(long offset) throws IOException {
      return draft.open(offset);
    }

    @Override
    public void read(long offset, byte[] bytes) throws IOException {
      draft.read(offset, bytes);
    }

    @Override
    public void keepAs(String id) throws IOException {
      draft.keepAs(id);
    }

    @Override
    public void close() throws IOException {
      draft.close();
      throw new IOException("Input/output error");
    }
  }
}
