package dev.waybill.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderFilesTest {

  @TempDir private Path folder;
  private FolderFiles files;

  @BeforeEach
  void createFolder() throws IOException {
    files = new FolderFiles(folder.resolve("uploads"));
  }

  @Test
  void keepsWhatWasWrittenUnderItsId() throws IOException {
    try (Draft draft = files.begin()) {
      write(draft, "--sku,name\n", 2, 9);
      write(draft, "A1,Chair\n", 0, 9);
      assertThat(draft.size()).isEqualTo(18);
      draft.keepAs("id-1");
    }
    assertThat(read(files.open("id-1", 0))).isEqualTo("sku,name\nA1,Chair\n");
    assertThat(names()).containsExactly("id-1");
  }

  @Test
  void opensAtAnOffsetAndReadsNothingBehindTheEnd() throws IOException {
    keep("id-1", "sku,name\n");
    assertThat(read(files.open("id-1", 4))).isEqualTo("name\n");
    assertThat(read(files.open("id-1", 9))).isEmpty();
    assertThat(read(files.open("id-1", 1000))).isEmpty();
  }

  @Test
  void aDraftCanBeReadBackBeforeItIsKept() throws IOException {
    try (Draft draft = files.begin()) {
      write(draft, "sku,name\n", 0, 9);
      assertThat(read(draft.open(4))).isEqualTo("name\n");
    }
  }

  @Test
  void aDraftThatIsNotKeptVanishes() throws IOException {
    Draft draft = files.begin();
    write(draft, "sku", 0, 3);
    assertThat(names()).singleElement().asString().endsWith(".part");
    draft.close();
    draft.close();
    assertThat(names()).isEmpty();
  }

  @Test
  void aKeptFileIsNeverReplaced() throws IOException {
    keep("id-1", "first");
    try (Draft draft = files.begin()) {
      write(draft, "second", 0, 6);
      assertThatThrownBy(() -> draft.keepAs("id-1")).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(read(files.open("id-1", 0))).isEqualTo("first");
    assertThat(names()).containsExactly("id-1");
  }

  @Test
  void reportsADeletedFileAsMissing() throws IOException {
    keep("id-1", "x");
    files.delete("id-1");
    files.delete("id-1");
    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> files.open("id-1", 0)).isInstanceOf(NoSuchFileException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a/b", "a.part", "a\0b", ".."})
  void refusesAnIdThatCouldLeaveTheFolder(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> files.open(id, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> files.delete(id));
  }

  @Test
  void sweepsOldDraftsAndOldFilesWithoutAJob() throws IOException {
    Instant now = Instant.parse("2026-11-21T09:30:00Z");
    keep("owned", "x");
    keep("orphan", "x");
    keep("young-orphan", "x");
    Files.writeString(folder.resolve("uploads/old.part"), "x");
    Files.writeString(folder.resolve("uploads/young.part"), "x");
    Files.writeString(folder.resolve("uploads/not ours.txt"), "x");
    for (String name : names()) {
      Duration age = name.startsWith("young") ? Duration.ofHours(23) : Duration.ofHours(25);
      Files.setLastModifiedTime(
          folder.resolve("uploads").resolve(name), FileTime.from(now.minus(age)));
    }
    assertThat(files.sweep(now.minus(Duration.ofHours(24)), Set.of("owned")::contains))
        .isEqualTo(2);
    assertThat(names())
        .containsExactlyInAnyOrder("owned", "young-orphan", "young.part", "not ours.txt");
  }

  @Test
  void reportsAFullDiskAsSuch() throws IOException {
    FolderFiles full =
        new FolderFiles(folder.resolve("uploads")) {
          @Override
          FileChannel openDraft(Path path) throws IOException {
            return FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
          }
        };
    try (Draft draft = full.begin()) {
      assertThatThrownBy(() -> write(draft, "sku", 0, 3)).isInstanceOf(DiskFullException.class);
    }
  }

  @Test
  void anotherFailureIsNotAFullDisk() throws IOException {
    Draft draft = files.begin();
    draft.close();
    assertThatThrownBy(() -> write(draft, "sku", 0, 3))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(DiskFullException.class);
  }

  @Test
  void onlyTheOwnerReadsTheFilesAlsoThoseOfAVersionBefore() throws IOException {
    Path uploads = folder.resolve("uploads");
    Files.writeString(uploads.resolve("before"), "x");
    Files.setPosixFilePermissions(
        uploads.resolve("before"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(uploads, PosixFilePermissions.fromString("rwxr-xr-x"));
    files = new FolderFiles(uploads);
    keep("id-1", "x");

    assertThat(permissions(uploads)).isEqualTo("rwx------");
    for (String name : names()) {
      assertThat(permissions(uploads.resolve(name))).as(name).isEqualTo("rw-------");
    }
    try (Draft draft = files.begin()) {
      assertThat(names()).hasSize(3);
      for (String name : names()) {
        assertThat(permissions(uploads.resolve(name))).as(name).isEqualTo("rw-------");
      }
      assertThat(draft.size()).isZero();
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private void keep(String id, String content) throws IOException {
    try (Draft draft = files.begin()) {
      write(draft, content, 0, content.length());
      draft.keepAs(id);
    }
  }

  private static void write(Draft draft, String text, int offset, int length) throws IOException {
    draft.write(text.getBytes(UTF_8), offset, length);
  }

  private static String read(InputStream in) throws IOException {
    try (in) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private List<String> names() throws IOException {
    return StoredNames.in(folder.resolve("uploads"));
  }
}
