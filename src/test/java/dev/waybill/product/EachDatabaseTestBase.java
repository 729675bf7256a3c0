package dev.waybill.product;

import dev.waybill.platform.Database;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/** Opens the database of each test, and closes it afterwards. */
abstract class EachDatabaseTestBase {

  @TempDir Path folder;
  private @Nullable ProductDatabase opened;

  final ProductDatabase open(Database database) {
    opened =
        database == Database.SQLITE ? ProductDatabase.sqlite(folder) : ProductDatabase.postgres();
    return opened;
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  /** Each database with the seeds from 0 on. */
  static Stream<Arguments> seeds(int count) {
    return Stream.of(Database.values())
        .flatMap(
            database -> IntStream.range(0, count).mapToObj(seed -> Arguments.of(database, seed)));
  }
}
