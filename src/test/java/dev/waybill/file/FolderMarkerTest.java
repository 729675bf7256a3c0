package dev.waybill.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.storage.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** An unavailable upload folder must not be taken for an empty one. */
class FolderMarkerTest {

  @TempDir private Path folder;
  private Path uploads;
  private Path away;
  private FolderFiles files;

  @BeforeEach
  void keepOneFile() throws IOException {
    uploads = folder.resolve("uploads");
    away = folder.resolve("away");
    files = new FolderFiles(uploads);
    keep(files, "id-1");
  }

  @Test
  void aMissingFileInAFolderThatIsThereIsLost() {
    assertThatThrownBy(() -> files.open("id-2", 0)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFolderThatIsAwayIsMissingAndItsFilesAreReadableOnceItIsBack() throws IOException {
    Files.move(uploads, away);
    assertMissing();

    Files.move(away, uploads);
    files.check();
    assertThat(read("id-1")).isEqualTo("sku");
  }

  @Test
  void anEmptyMountPointIsMissingAndTakesNoFiles() throws IOException {
    Files.move(uploads, away);
    Files.createDirectory(uploads);

    assertMissing();
    assertThat(uploads).isEmptyDirectory();
  }

  @Test
  void theFolderOfAnotherServiceIsMissingAndNothingIsSweptThere() throws IOException {
    Files.move(uploads, away);
    keep(new FolderFiles(uploads), "theirs");

    assertMissing();
    assertThat(StoredNames.in(uploads)).containsExactly("theirs");
  }

  private void assertMissing() {
    assertThatThrownBy(() -> files.check()).isInstanceOf(FolderMissingException.class);
    assertThatThrownBy(() -> files.begin()).isInstanceOf(FolderMissingException.class);
    assertThatThrownBy(() -> files.open("id-1", 0)).isInstanceOf(FolderMissingException.class);
    assertThatThrownBy(() -> files.sweep(Instant.MAX, id -> false))
        .isInstanceOf(FolderMissingException.class);
  }

  @Test
  void theCheckLeavesNothingBehind() throws IOException {
    files.check();
    assertThat(StoredNames.in(uploads)).containsExactly("id-1");
  }

  @Test
  void aFullDiskIsNotAMissingFolder() throws IOException {
    FillableFiles full = new FillableFiles(uploads);
    full.fill(true);
    assertThatThrownBy(full::check).isInstanceOf(DiskFullException.class);
  }

  @Test
  void aRestartFindsTheSameFolder() throws IOException {
    FolderFiles again = new FolderFiles(uploads);
    Files.move(uploads, away);
    Files.createDirectory(uploads);
    assertThatThrownBy(again::check).isInstanceOf(FolderMissingException.class);
    Files.delete(uploads);
    Files.move(away, uploads);
    again.check();
  }

  @Test
  void podsShareOneFolderAndAPodWithAnEmptyOneFindsOut() throws IOException {
    SingleConnectionDataSource database =
        new SingleConnectionDataSource(PostgresServer.newDatabase(), PostgresServer.USER, "", true);
    try {
      new ResourceDatabasePopulator(
              new ClassPathResource("db/migration/postgres/V6__upload_folder.sql"))
          .execute(database);
      SharedFolderId sharedId = new SharedFolderId(JdbcClient.create(database));
      FolderFiles first = new FolderFiles(uploads, sharedId::agreeOn);
      FolderFiles second = new FolderFiles(uploads, sharedId::agreeOn);
      FolderFiles astray = new FolderFiles(folder.resolve("astray"), sharedId::agreeOn);

      first.check();
      second.check();
      assertThatThrownBy(astray::check)
          .isInstanceOf(FolderMissingException.class)
          .hasMessageContaining(folder.resolve("astray").toString());

      // Moves to another folder in the way that the comment of the migration describes.
      String id = sharedId.agreeOn("unused");
      Files.createFile(folder.resolve("astray").resolve(FolderMarker.PREFIX + id));
      assertThatCode(astray::check).doesNotThrowAnyException();
    } finally {
      database.destroy();
    }
  }

  private static void keep(FolderFiles files, String id) throws IOException {
    try (Draft draft = files.begin()) {
      draft.write("sku".getBytes(UTF_8), 0, 3);
      draft.keepAs(id);
    }
  }

  private String read(String id) throws IOException {
    try (InputStream in = files.open(id, 0)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
