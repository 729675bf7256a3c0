package dev.waybill.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.Function;

/** A draft in the same folder as the kept files. So a single rename makes the draft a kept file. */
class FolderDraft implements Draft {

  private final Path path;
  private final FileChannel channel;
  private final Function<String, Path> pathOfId;
  private long size;
  private boolean kept;

  FolderDraft(Path path, FileChannel channel, Function<String, Path> pathOfId) {
    this.path = path;
    this.channel = channel;
    this.pathOfId = pathOfId;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (buffer.hasRemaining()) {
        size += channel.write(buffer);
      }
    } catch (IOException e) {
      throw fullOrOther(e, Objects.requireNonNull(path.getParent()), buffer.remaining());
    }
  }

  /**
   * Decides whether a failure means that the disk is full. Java has no exception type for a full
   * disk, and the message of the operating system may be translated. If the message does not say
   * that the disk is full, this method checks the free space.
   */
  static IOException fullOrOther(IOException failure, Path folder, int wanted) {
    String message = String.valueOf(failure.getMessage());
    boolean full = message.contains("No space left") || message.contains("quota exceeded");
    try {
      full |= Files.getFileStore(folder).getUsableSpace() < wanted;
    } catch (IOException unknown) {
      failure.addSuppressed(unknown);
    }
    return full ? new DiskFullException("No room left in " + folder, failure) : failure;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    return FolderFiles.openAt(path, offset);
  }

  @Override
  public void read(long offset, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("The draft ends before byte " + (offset + bytes.length));
      }
    }
  }

  @Override
  public void keepAs(String id) throws IOException {
    Path target = pathOfId.apply(id);
    if (Files.exists(target)) {
      // Throws an exception, because a rename would replace the existing file without an error.
      throw new FileAlreadyExistsException(target.toString());
    }
    channel.close();
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    kept = true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!kept) {
      Files.deleteIfExists(path);
    }
  }
}
