import com.opencsv.CSVReader;
import com.opencsv.CSVReaderBuilder;
import com.opencsv.RFC4180ParserBuilder;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The simple import with which Waybill's import is compared: one thread, opencsv, a JDBC batch
 * upsert in transactions of 2,000 rows. It checks nothing, reports nothing, and starts from the
 * beginning after a crash.
 *
 * <p>{@code BareLoop FILE.csv NEW.db MIGRATIONS [WARM-UP.csv]}. MIGRATIONS is the folder of the
 * migrations that create the table. WARM-UP.csv is loaded first, into memory, and is not timed.
 * With WARM-UP.csv, the loop is as warm as the service, and checkpoints the write-ahead log as
 * rarely as the service. Prints the number of rows, the seconds from opening the file to the last
 * commit, and the rows per second.
 */
final class BareLoop {

  private static final int BATCH = 2000;

  private static final String UPSERT =
      """
      INSERT INTO product (sku, name, description, price, currency, quantity, category, brand,
        gtin, image_url, attributes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (sku) DO UPDATE SET name = excluded.name, description = excluded.description,
        price = excluded.price, currency = excluded.currency, quantity = excluded.quantity,
        category = excluded.category, brand = excluded.brand, gtin = excluded.gtin,
        image_url = excluded.image_url, attributes = excluded.attributes
      """;

  /**
   * SQLite's default for the number of pages of the write-ahead log after which a commit also runs
   * a checkpoint. A checkpoint copies the log into the database.
   */
  private static final int SQLITES_DEFAULT = 1000;

  private static final int SERVICES_OWN = 32_768;

  private BareLoop() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 3) {
      try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:")) {
        prepare(memory, Path.of(arguments[2]), SQLITES_DEFAULT);
        load(Path.of(arguments[3]), memory);
      }
    }
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + arguments[1])) {
      prepare(
          database, Path.of(arguments[2]), arguments.length > 3 ? SERVICES_OWN : SQLITES_DEFAULT);
      long begin = System.nanoTime();
      long rows = load(Path.of(arguments[0]), database);
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(Locale.ROOT, "%d %.2f %.0f%n", rows, seconds, rows / seconds);
    }
  }

  /** Creates the table and sets the same pragmas as the service, except for the checkpoints. */
  private static void prepare(Connection database, Path migrations, int pagesOfLog)
      throws Exception {
    List<Path> scripts;
    try (Stream<Path> files = Files.list(migrations)) {
      scripts = files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
    try (Statement statement = database.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = NORMAL");
      statement.execute("PRAGMA cache_size = -32768");
      statement.execute("PRAGMA wal_autocheckpoint = " + pagesOfLog);
      for (Path script : scripts) {
        statement.executeUpdate(Files.readString(script));
      }
    }
    database.setAutoCommit(false);
  }

  private static long load(Path file, Connection database) throws Exception {
    long rows = 0;
    try (Reader text = Files.newBufferedReader(file);
        CSVReader csv =
            new CSVReaderBuilder(text).withCSVParser(new RFC4180ParserBuilder().build()).build();
        PreparedStatement upsert = database.prepareStatement(UPSERT)) {
      int columns = csv.readNext().length;
      for (String[] row = csv.readNext(); row != null; row = csv.readNext()) {
        rows++;
        if (row.length == columns) {
          for (int i = 0; i < 10; i++) {
            upsert.setString(i + 1, row[i]);
          }
          upsert.setString(11, "{\"Colour\":\"" + row[10] + "\"}");
          upsert.addBatch();
        }
        if (rows % BATCH == 0) {
          upsert.executeBatch();
          database.commit();
        }
      }
      upsert.executeBatch();
      database.commit();
    }
    return rows;
  }
}
