package dev.waybill.file;

import dev.waybill.storage.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Stores files in one folder. The name of a kept file is its ID. The name of a draft is {@code
 * <random>.part}.
 */
class FolderFiles implements StoredFiles {

  static final String DRAFT_SUFFIX = ".part";

  /**
   * The form of an ID. An ID of this form can only name a file inside the folder, and never names a
   * draft.
   */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /**
   * The number of bytes that {@link #check} writes. Fewer bytes would not detect a full disk,
   * because a full disk still accepts an empty file, and often a few bytes.
   */
  private static final int PROBE_BYTES = 4096;

  private static final int COPY_BYTES = 64 << 10;

  private final Path folder;
  private final FolderMarker marker;

  /** Creates a store in a folder that only this process uses. */
  FolderFiles(Path folder) throws IOException {
    this(folder, id -> id);
  }

  /**
   * @param agree takes the ID of this folder and returns the ID that the folder must have
   */
  FolderFiles(Path folder, UnaryOperator<String> agree) throws IOException {
    this.folder = OwnerOnly.createFolder(folder);
    this.marker = FolderMarker.in(folder, agree);
    // Makes the stored files private, because earlier versions created files that every user of the
    // machine could read.
    try (DirectoryStream<Path> stored = Files.newDirectoryStream(folder)) {
      stored.forEach(OwnerOnly::restrict);
    }
  }

  @Override
  public void check() throws IOException {
    marker.check();
    // The dots make the name of the probe different from every ID. The name of the marker contains
    // a dot for the same reason.
    Path probe = folder.resolve(".probe-" + UUID.randomUUID() + DRAFT_SUFFIX);
    try (FileChannel channel = openDraft(probe)) {
      channel.write(ByteBuffer.allocate(PROBE_BYTES));
    } catch (IOException e) {
      throw missingOrOther(e);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  @Override
  public Draft begin() throws IOException {
    // Checks the folder first. Without this check, a file would be stored in the empty mount point
    // while the file system is not mounted. The job of this file would not find it later.
    marker.check();
    Path path = folder.resolve(UUID.randomUUID() + DRAFT_SUFFIX);
    FileChannel channel;
    try {
      channel = openDraft(path);
    } catch (IOException e) {
      throw missingOrOther(e);
    }
    return new FolderDraft(path, channel, this::path);
  }

  private IOException missingOrOther(IOException failure) {
    try {
      marker.check();
    } catch (FolderMissingException missing) {
      missing.addSuppressed(failure);
      return missing;
    }
    return FolderDraft.fullOrOther(failure, folder, PROBE_BYTES);
  }

  /** Opens a new draft. Tests override this method to simulate a full disk. */
  FileChannel openDraft(Path path) throws IOException {
    return OwnerOnly.open(
        path,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public InputStream open(String id, long offset) throws IOException {
    try {
      return openAt(path(id), offset);
    } catch (NoSuchFileException e) {
      marker.check();
      // Tries a second time, because the file system may have been mounted again after the first
      // try and before the check. Then the file exists now.
      return openAt(path(id), offset);
    }
  }

  static InputStream openAt(Path path, long offset) throws IOException {
    return Channels.newInputStream(
        FileChannel.open(path, StandardOpenOption.READ).position(offset));
  }

  @Override
  public void copy(String id, String newId) throws IOException {
    marker.check();
    Path target = path(newId);
    try {
      Files.createLink(target, path(id));
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException withoutLinks) {
      copyBytes(id, newId);
    }
    // Sets the time of the last change to now. The clean-up deletes files that no job owns, unless
    // they are new. A link has the time of the old file.
    Files.setLastModifiedTime(target, FileTime.fromMillis(System.currentTimeMillis()));
  }

  private void copyBytes(String id, String newId) throws IOException {
    try (InputStream in = open(id, 0);
        Draft draft = begin()) {
      byte[] buffer = new byte[COPY_BYTES];
      int length;
      while ((length = in.read(buffer)) > 0) {
        draft.write(buffer, 0, length);
      }
      draft.keepAs(newId);
    }
  }

  @Override
  public void delete(String id) throws IOException {
    Files.deleteIfExists(path(id));
  }

  @Override
  public int sweep(Instant before, Predicate<String> owned) throws IOException {
    // Checks that the folder is the right folder. If another folder is mounted in its place, the
    // files in that folder may belong to other programs and must not be deleted.
    marker.check();
    int deleted = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
      for (Path file : files) {
        if (isAbandoned(file, before, owned) && Files.deleteIfExists(file)) {
          deleted++;
        }
      }
    }
    return deleted;
  }

  private static boolean isAbandoned(Path file, Instant before, Predicate<String> owned)
      throws IOException {
    String name = file.getFileName().toString();
    boolean draft = name.endsWith(DRAFT_SUFFIX);
    if (!draft && !ID.matcher(name).matches()) {
      return false;
    }
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before)
          && (draft || !owned.test(name));
    } catch (NoSuchFileException e) {
      // The file does not exist any more, because its request or job has just ended normally and
      // has deleted the file.
      return false;
    }
  }

  private Path path(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("Not the ID of a stored file: " + id);
    }
    return folder.resolve(id);
  }
}
