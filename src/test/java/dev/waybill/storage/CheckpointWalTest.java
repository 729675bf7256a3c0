package dev.waybill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class CheckpointWalTest {

  private static final int PAGE = 4096;

  @TempDir private Path folder;
  private SingleConnectionDataSource writing;
  private SingleConnectionDataSource reading;
  private JdbcTemplate writes;
  private CheckpointWal checkpoint;

  @BeforeEach
  void open() {
    writing = connection();
    reading = connection();
    writes = new JdbcTemplate(writing);
    writes.execute("PRAGMA journal_mode = WAL");
    writes.execute("PRAGMA wal_autocheckpoint = 0");
    writes.execute("CREATE TABLE filler (content BLOB)");
    new JdbcTemplate(reading).execute("PRAGMA query_only = true");
    checkpoint = new CheckpointWal(JdbcClient.create(reading));
    checkpoint.start();
  }

  @AfterEach
  void close() {
    checkpoint.stop();
    reading.destroy();
    writing.destroy();
  }

  private SingleConnectionDataSource connection() {
    return new SingleConnectionDataSource("jdbc:sqlite:" + database(), true);
  }

  private Path database() {
    return folder.resolve("filled.db");
  }

  private void write(int pages) {
    writes.update("INSERT INTO filler VALUES (zeroblob(?))", pages * PAGE);
  }

  @Test
  void movesALogThatHasGrown() throws Exception {
    write(CheckpointWal.PAGES_BETWEEN);

    await().until(() -> checkpoint.pagesToMove() == 0);
    assertThat(Files.size(database())).isGreaterThan((long) CheckpointWal.PAGES_BETWEEN * PAGE);
  }

  @Test
  void leavesASmallLogUntilThereIsMore() {
    write(CheckpointWal.PAGES_BETWEEN / 2);
    checkpoint.check();
    assertThat(checkpoint.pagesToMove()).isGreaterThan(CheckpointWal.PAGES_BETWEEN / 2);

    write(CheckpointWal.PAGES_BETWEEN / 2);
    await().until(() -> checkpoint.pagesToMove() == 0);
  }

  @Test
  void looksAgainAfterWhateverWentWrong() {
    CheckpointWal failing =
        new CheckpointWal(
            JdbcClient.create(
                new AbstractDataSource() {
                  @Override
                  public Connection getConnection() {
                    throw new UnsupportedOperationException("nobody has thought of it");
                  }

                  @Override
                  public Connection getConnection(String user, String password) {
                    return getConnection();
                  }
                }));

    assertThatNoException().isThrownBy(failing::check);
    failing.stop();
  }

  @Test
  void movesWhatIsCommittedWhileAnotherTransactionIsOpen() {
    write(CheckpointWal.PAGES_BETWEEN);
    writes.execute("BEGIN IMMEDIATE");
    write(1);

    await().until(() -> checkpoint.pagesToMove() == 0);
    writes.execute("ROLLBACK");
  }
}
