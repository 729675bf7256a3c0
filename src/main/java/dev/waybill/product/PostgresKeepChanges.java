package dev.waybill.product;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Makes the trigger on the table of products store the changes of this transaction. */
final class PostgresKeepChanges {

  private static final String START =
      "SELECT set_config('waybill.touched', ?, true), set_config('waybill.chunk', ?, true)";

  private PostgresKeepChanges() {}

  /** Starts storing changes, until the end of the transaction. */
  static void start(Connection connection, int touched, Writing writing) throws SQLException {
    if (writing.keeps()) {
      try (PreparedStatement start = connection.prepareStatement(START)) {
        start.setString(1, Integer.toString(touched));
        start.setString(2, Long.toString(writing.chunk()));
        start.executeQuery().close();
      }
    }
  }
}
