package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** What differs between the databases when changes of products are added up and reversed. */
interface ReverseSql {

  /** For statements in several files. */
  String TABLE = "product";

  String COLUMNS = String.join(", ", ChangeColumns.ALL);
  String OLD_COLUMNS = ChangeColumns.ALL.stream().map("old_"::concat).collect(joining(", "));

  /** The skus as the parameter {@code created}. */
  Object skus(List<String> skus);

  /** A query of the parameter {@code created} with a column {@code sku}. */
  String createdSkus();

  /** Locks the products of the part in the order of their skus, where others may write them. */
  void prepare(JdbcTemplate jdbc, UndoPart part);

  /** Runs an update of products, and keeps what it replaces. */
  int whileKeeping(JdbcTemplate jdbc, UndoPart part, IntSupplier update);

  /** Deletes products that the target has written last, and keeps them. */
  int delete(NamedParameterJdbcTemplate jdbc, String skus, Map<String, Object> values);

  /** Puts back what the target has deleted, if there is no such product by now. */
  int putBack(NamedParameterJdbcTemplate jdbc, Map<String, Object> values);

  /** About what one change takes in the database, as an expression. */
  String changeBytes();
}
