package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL statements of an undo that differ between the databases. */
interface ReverseSql {

  /** The name of the table of products. */
  String TABLE = "product";

  String COLUMNS = String.join(", ", ChangeColumns.ALL);
  String OLD_COLUMNS = ChangeColumns.ALL.stream().map("old_"::concat).collect(joining(", "));

  /** The skus in the form that the SQL parameter {@code created} needs. */
  Object skus(List<String> skus);

  /** A query that returns the parameter {@code created} as a column {@code sku}. */
  String createdSkus();

  /**
   * Locks the products of the chunk in the order of their skus, if other transactions may write
   * these products at the same time.
   */
  void prepare(JdbcTemplate jdbc, UndoPart part);

  /**
   * Runs an update of products, and stores the values that the update replaces. Returns the number
   * of updated products.
   */
  int whileKeeping(JdbcTemplate jdbc, UndoPart part, IntSupplier update);

  /** Deletes products whose last writer is the undone job, and stores the deleted values. */
  int delete(NamedParameterJdbcTemplate jdbc, String skus, Map<String, Object> values);

  /**
   * Creates the products that the undone job has deleted. Leaves out products that already exist
   * again.
   */
  int putBack(NamedParameterJdbcTemplate jdbc, Map<String, Object> values);

  /** SQL for the approximate size of one change in the database, in bytes. */
  String changeBytes();

  /**
   * SQL for the approximate size of the deletion of a product in the database, in bytes. A deletion
   * has no new values.
   */
  String deletionBytes();

  /**
   * Whether changes of this transaction were left out because all changes together need more room
   * than {@link Writing#room}. In this case, the stored changes alone do not exceed the room.
   */
  boolean hasLeftOut(JdbcClient jdbc);
}
