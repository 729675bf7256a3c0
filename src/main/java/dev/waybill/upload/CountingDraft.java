package dev.waybill.upload;

import dev.waybill.file.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/**
 * A draft that reports the number of bytes before they are written.
 *
 * @param beforeWrite takes the number of bytes; may throw to refuse them
 */
record CountingDraft(Draft draft, IntConsumer beforeWrite) implements Draft {

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    beforeWrite.accept(length);
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
  }
}
