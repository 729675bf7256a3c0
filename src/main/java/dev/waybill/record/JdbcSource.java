package dev.waybill.record;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import lombok.RequiredArgsConstructor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads records with a query. Each record is one row, and each column is one field. */
@RequiredArgsConstructor
final class JdbcSource implements RecordSource {

  private final DataSource database;
  private final BoundQuery query;
  private final JsonMapper json;

  @Override
  public Optional<JsonNode> read(String key) throws IOException, SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(query.sql())) {
      statement.setQueryTimeout((int) TIMEOUT.toSeconds());
      statement.setMaxRows(2);
      for (int i = 1; i <= query.places(); i++) {
        statement.setString(i, key);
      }
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        ObjectNode record = record(rows);
        if (rows.next()) {
          throw new IOException("the query finds more than one row");
        }
        return Optional.of(record);
      }
    }
  }

  private ObjectNode record(ResultSet row) throws SQLException, IOException {
    ObjectNode record = json.createObjectNode();
    ResultSetMetaData columns = row.getMetaData();
    int bytes = 0;
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      JsonNode value = value(row, i, columns.getColumnTypeName(i));
      record.set(columns.getColumnLabel(i), value);
      bytes += value.toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MOST_BYTES) {
        throw new IOException("the record is larger than 64 KB");
      }
    }
    return record;
  }

  private JsonNode value(ResultSet row, int column, String type) throws SQLException, IOException {
    Object value = row.getObject(column);
    return switch (value) {
      case null -> json.nullNode();
      case Boolean it -> json.valueToTree(it);
      case Integer it -> json.valueToTree(it);
      case Long it -> json.valueToTree(it);
      case Short it -> json.valueToTree(it);
      case Float it -> json.valueToTree(it);
      case Double it -> json.valueToTree(it);
      case BigDecimal it -> json.valueToTree(it);
      default ->
          type.equals("json") || type.equals("jsonb")
              ? parsed(row.getString(column))
              : text(row, column);
    };
  }

  private JsonNode text(ResultSet row, int column) throws SQLException {
    return json.valueToTree(row.getString(column));
  }

  private JsonNode parsed(String text) throws IOException {
    try {
      return json.readTree(text);
    } catch (JacksonException e) {
      throw new IOException("a column is not JSON", e);
    }
  }
}
