package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The SQL statements of an undo in SQLite. In SQLite, only one transaction can write at a time. So
 * no other transaction changes a product between two statements of an undo.
 */
@Component
@ConditionalOnDatabase(Database.SQLITE)
class SqliteReverseSql implements ReverseSql {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** SQL for the approximate size of a stored change. */
  static final String CHANGE_BYTES = bytes("old_", "new_");

  private static final String DELETION_BYTES = bytes("old_");

  private static String bytes(String... prefixes) {
    return Stream.concat(
            Stream.of("sku"),
            ChangeColumns.ALL.stream().flatMap(column -> Stream.of(prefixes).map(p -> p + column)))
        .map("coalesce(octet_length(%s), 0)"::formatted)
        .collect(joining(" + ", "60 + ", ""));
  }

  @Override
  public Object skus(List<String> skus) {
    return JSON.writeValueAsString(skus);
  }

  @Override
  public String createdSkus() {
    return "SELECT value AS sku FROM json_each(:created)";
  }

  @Override
  public void prepare(JdbcTemplate jdbc, UndoPart part) {}

  @Override
  public int whileKeeping(JdbcTemplate jdbc, UndoPart part, IntSupplier update) {
    ConnectionCallback<Integer> keeping =
        connection -> {
          try (SqliteKeepChanges _ =
              SqliteKeepChanges.open(
                  connection, ChangeColumns.of(part.touched()), part.writing())) {
            return update.getAsInt();
          }
        };
    return Objects.requireNonNull(jdbc.execute(keeping));
  }

  @Override
  public int delete(NamedParameterJdbcTemplate jdbc, String skus, Map<String, Object> values) {
    jdbc.update(
        """
        INSERT INTO product_change (writer, chunk, kind, sku, prior, changed, %s)
        SELECT :writer, :part, 2, sku, writer, 0, %s FROM %s
        WHERE sku IN (%s) AND writer = :target
        """
            .formatted(OLD_COLUMNS, COLUMNS, TABLE, skus),
        values);
    return jdbc.update(
        """
        DELETE FROM %s WHERE sku IN
          (SELECT sku FROM product_change WHERE writer = :writer AND chunk = :part AND kind = 2)
        """
            .formatted(TABLE),
        values);
  }

  @Override
  public int putBack(NamedParameterJdbcTemplate jdbc, Map<String, Object> values) {
    int back =
        jdbc.update(
            """
            INSERT INTO product_change (writer, chunk, kind, sku, changed)
            SELECT :writer, :part, 3, gone.sku, 0 FROM product_change AS gone
            WHERE gone.writer = :target AND gone.chunk = :chunk AND gone.kind = 2
              AND NOT EXISTS (SELECT 1 FROM %s WHERE product.sku = gone.sku)
            """
                .formatted(TABLE),
            values);
    if (back > 0) {
      jdbc.update(
          """
          INSERT INTO %s (sku, %s, writer)
          SELECT sku, %s, :writer FROM product_change
          WHERE writer = :target AND chunk = :chunk AND kind = 2
          ON CONFLICT (sku) DO NOTHING
          """
              .formatted(TABLE, COLUMNS, OLD_COLUMNS),
          values);
    }
    return back;
  }

  @Override
  public String changeBytes() {
    return CHANGE_BYTES;
  }

  @Override
  public String deletionBytes() {
    return DELETION_BYTES;
  }

  /**
   * Always returns false. In SQLite, changes are only left out after the stored changes already
   * exceed the room.
   */
  @Override
  public boolean hasLeftOut(JdbcClient jdbc) {
    return false;
  }
}
