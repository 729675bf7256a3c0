import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shop with a table of orders. It inserts an order, and then each order passes through several
 * states. The shop knows nothing about streams. Waybill reads its table.
 */
class Shop {

  private static final long STATION_MILLIS =
      Long.parseLong(System.getenv().getOrDefault("STATION_MILLIS", "2000"));
  private static final Pattern NUMBER = Pattern.compile("\"number\":\"([A-Z0-9-]{1,40})\"");
  private static final String STATIONS =
      "CASE station WHEN 'PLACED' THEN 'PAID' WHEN 'PAID' THEN 'PACKED'"
          + " WHEN 'PACKED' THEN 'ON_THE_WAY' ELSE 'DELIVERED' END";

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(System.getenv().getOrDefault("SHOP_PORT", "9001"));
    String file = System.getenv().getOrDefault("SHOP_DATABASE", "data/examples/shop.db");
    Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
    run(database, "PRAGMA journal_mode = WAL");
    run(database, "CREATE TABLE IF NOT EXISTS shop_order (number TEXT PRIMARY KEY, article TEXT, station TEXT)");

    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/orders", exchange -> place(exchange, database));
    server.start();

    while (true) {
      Thread.sleep(STATION_MILLIS);
      run(database, "UPDATE shop_order SET station = " + STATIONS + " WHERE station <> 'DELIVERED'");
    }
  }

  /** Waybill posts {@code {"number": "…"}} to this address, and the answer ends Waybill's job. */
  private static void place(HttpExchange exchange, Connection database) throws IOException {
    try (exchange) {
      Matcher number = NUMBER.matcher(new String(exchange.getRequestBody().readAllBytes()));
      if (!number.find()) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      synchronized (database) {
        // If an answer is lost, Waybill sends the same order again. It must not become a second
        // order.
        try (PreparedStatement insert =
            database.prepareStatement("INSERT OR IGNORE INTO shop_order VALUES (?, 'A mug', 'PLACED')")) {
          insert.setString(1, number.group(1));
          insert.executeUpdate();
        }
      }
      byte[] answer = "placed".getBytes();
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static void run(Connection database, String sql) throws SQLException {
    synchronized (database) {
      try (var statement = database.createStatement()) {
        statement.execute(sql);
      }
    }
  }
}
