package dev.waybill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No other user of the machine can read what Waybill stores. */
class OwnerOnlyTest {

  @TempDir private Path temporary;

  @Test
  void theDataFolderAndItsDatabaseArePrivateFromTheStart() throws Exception {
    Path path = temporary.resolve("data");
    try (DataFolder folder = DataFolder.lock(path)) {
      Path database = folder.createPrivate("waybill.db");
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("CREATE TABLE t (c)");

        assertThat(permissions(path)).isEqualTo("rwx------");
        for (String name :
            new String[] {"waybill.lock", "waybill.db", "waybill.db-wal", "waybill.db-shm"}) {
          assertThat(permissions(path.resolve(name))).as(name).isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void theFolderOfAVersionBeforeIsMadePrivate() throws Exception {
    Path path = temporary.resolve("data");
    Files.createDirectory(path);
    for (String name : new String[] {"waybill.lock", "waybill.db", "waybill.db-wal"}) {
      Files.createFile(path.resolve(name));
      permit(path.resolve(name), "rw-r--r--");
    }
    permit(path, "rwxr-xr-x");

    try (DataFolder folder = DataFolder.lock(path)) {
      folder.createPrivate("waybill.db", "waybill.db-wal", "waybill.db-shm");
    }

    assertThat(permissions(path)).isEqualTo("rwx------");
    for (String name : new String[] {"waybill.lock", "waybill.db", "waybill.db-wal"}) {
      assertThat(permissions(path.resolve(name))).as(name).isEqualTo("rw-------");
    }
  }

  @Test
  void aReadOnlyFolderStaysReadOnly() throws Exception {
    Path path = Files.createDirectory(temporary.resolve("data"));
    permit(path, "r-xr-xr-x");

    OwnerOnly.restrict(path);

    assertThat(permissions(path)).isEqualTo("r-x------");
    permit(path, "rwx------");
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
