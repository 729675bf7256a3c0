package dev.waybill.sheet;

import dev.waybill.file.Draft;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/** A draft in the heap. */
final class MemoryDraft implements Draft {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void write(byte[] buffer, int offset, int length) {
    bytes.write(buffer, offset, length);
  }

  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public InputStream open(long offset) {
    return new ByteArrayInputStream(bytes.toByteArray(), (int) offset, bytes.size() - (int) offset);
  }

  @Override
  public void read(long offset, byte[] buffer) {
    System.arraycopy(bytes.toByteArray(), (int) offset, buffer, 0, buffer.length);
  }

  @Override
  public void keepAs(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
  }
}
