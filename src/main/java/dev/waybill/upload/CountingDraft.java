package dev.waybill.upload;

import dev.waybill.file.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/**
 * A draft (a file that is still being received) that reports the number of bytes before each write.
 *
 * @param beforeWrite gets the number of bytes; may throw an exception to refuse the write
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
