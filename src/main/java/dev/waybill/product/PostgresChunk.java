package dev.waybill.product;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one chunk of rows, or compares the chunk with the stored products. Uses the connection of
 * the chunk's transaction.
 */
final class PostgresChunk {

  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * The SQLSTATE with which the trigger on the table of products refuses attributes that are too
   * large.
   */
  private static final String ATTRIBUTES_TOO_LARGE = "WB001";

  /**
   * The maximum number of tries to write a chunk. A third try is needed only if another import
   * interferes.
   */
  private static final int MOST_TRIES = 5;

  private final Connection connection;
  private final HeaderMapping mapping;
  private final Writing writing;
  private final PostgresProductSql sql;
  private boolean incomingIsUsed;
  private @Nullable Savepoint begin;

  PostgresChunk(Connection connection, HeaderMapping mapping, Writing writing) {
    this.connection = connection;
    this.mapping = mapping;
    this.writing = writing;
    this.sql = new PostgresProductSql(mapping);
  }

  /**
   * Writes the rows. The database refuses a statement that would make the attributes of a product
   * too large. Only after such a refusal, this method locks all products of the chunk and reads
   * their sizes. Then it leaves out the rows that would make a product too large. {@link #write}
   * does not send every row to the database. So the sizes of rows that are possibly not sent are
   * checked before the first try.
   */
  Outcome[] upsert(ProductRows rows, StraightCopies straight) throws SQLException {
    PostgresKeepChanges.start(connection, ProductStore.touched(mapping), writing);
    if (mapping.hasAttributes() || straight.worthATry()) {
      begin = connection.setSavepoint();
    }
    Outcome[] outcomes = new Outcome[rows.size()];
    BitSet judged = mapping.hasAttributes() ? compareOnlyInMemory(rows) : new BitSet();
    for (int tries = 1; ; tries++) {
      try {
        writeAllButTooLarge(rows, judged, straight, outcomes);
        return outcomes;
      } catch (SQLException e) {
        if (!ATTRIBUTES_TOO_LARGE.equals(e.getSQLState()) || tries == MOST_TRIES) {
          throw e;
        }
        rollBackToBegin();
        judged.set(0, rows.size());
      }
    }
  }

  private void writeAllButTooLarge(
      ProductRows rows, BitSet judged, StraightCopies straight, Outcome[] outcomes)
      throws SQLException {
    BitSet tooLarge =
        judged.isEmpty()
            ? judged
            : new PostgresAttributeSizes(connection, sql).tooLargeInOrder(rows, judged);
    tooLarge.stream().forEach(place -> outcomes[place] = Outcome.ATTRIBUTES_TOO_LARGE);
    int[] places = IntStream.range(0, rows.size()).filter(place -> !tooLarge.get(place)).toArray();
    ProductRows written =
        tooLarge.isEmpty()
            ? rows
            : ProductRows.of(IntStream.of(places).mapToObj(rows::get).toList());
    Outcome[] found = write(written, straight);
    for (int i = 0; i < found.length; i++) {
      outcomes[places[i]] = found[i];
    }
  }

  /**
   * The rows whose sku occurs three times or more. Some of these rows are neither the first nor the
   * last row of their sku. {@link #write} compares such rows only in memory.
   */
  private static BitSet compareOnlyInMemory(ProductRows rows) {
    BitSet places = new BitSet();
    if (!rows.ascending()) {
      Integer[] bySku = bySku(rows);
      for (int i = 2; i < bySku.length; i++) {
        ProductRow row = rows.get(bySku[i]);
        if (ProductRow.SKU_ORDER.compare(rows.get(bySku[i - 2]), row) == 0) {
          IntStream.rangeClosed(i - 2, i).forEach(place -> places.set(bySku[place]));
        }
      }
    }
    return places;
  }

  private void rollBackToBegin() throws SQLException {
    connection.rollback(Objects.requireNonNull(begin));
    incomingIsUsed = false; // the rollback may have dropped the table
  }

  /**
   * Writes the rows. If several rows have the same sku, the first row is compared with the table,
   * and the last row is written to the table. Each later row is compared, in memory, only with the
   * previous row of this sku. This comparison is enough, because all rows of a file set the same
   * columns.
   */
  private Outcome[] write(ProductRows rows, StraightCopies straight) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    if (rows.ascending()) {
      writeFirsts(rows, IntStream.range(0, rows.size()).toArray(), outcomes, straight);
      return outcomes;
    }
    int[] firsts = new int[rows.size()];
    List<ProductRow> firstRows = new ArrayList<>(rows.size());
    List<ProductRow> laterChanges = new ArrayList<>();
    List<ProductRow> lasts = new ArrayList<>();
    Integer[] bySku = bySku(rows);
    for (int from = 0, to; from < bySku.length; from = to) {
      ProductRow first = rows.get(bySku[from]);
      ProductRow last = first;
      firsts[firstRows.size()] = bySku[from];
      firstRows.add(first);
      for (to = from + 1; to < bySku.length; to++) {
        ProductRow next = rows.get(bySku[to]);
        if (ProductRow.SKU_ORDER.compare(next, first) != 0) {
          break;
        }
        if (next.saysTheSameAs(last)) {
          outcomes[bySku[to]] = Outcome.UNCHANGED;
        } else {
          outcomes[bySku[to]] = Outcome.UPDATED;
          laterChanges.add(next);
        }
        last = next;
      }
      if (!last.saysTheSameAs(first)) {
        lasts.add(last);
      }
    }
    writeFirsts(firstRows, Arrays.copyOf(firsts, firstRows.size()), outcomes, straight);
    if (writing.keeps() && !laterChanges.isEmpty()) {
      keepLater(laterChanges);
    }
    if (!lasts.isEmpty()) {
      fillIncoming(lasts, false);
      upsertIncoming();
    }
    return outcomes;
  }

  private void keepLater(List<ProductRow> rows) throws SQLException {
    PostgresRepeatedRows repeated = new PostgresRepeatedRows(connection, sql, writing);
    int fitting = repeated.fitting(rows);
    if (fitting > 0) {
      fillIncoming(rows.subList(0, fitting), true);
      repeated.keep();
    }
    if (fitting < rows.size()) {
      PostgresKeepChanges.leaveOut(connection);
    }
    PostgresKeepChanges.pause(connection);
    repeated.sign(rows);
  }

  private static Integer[] bySku(List<ProductRow> rows) {
    Integer[] order = new Integer[rows.size()];
    Arrays.setAll(order, i -> i);
    // The sort is stable: rows with the same sku stay in the order of the file.
    Arrays.sort(order, Comparator.comparing(rows::get, ProductRow.SKU_ORDER));
    return order;
  }

  /**
   * Writes rows that all have different skus.
   *
   * @param places the index in {@code outcomes} of the outcome of each row
   */
  private void writeFirsts(
      List<ProductRow> rows, int[] places, Outcome[] outcomes, StraightCopies straight)
      throws SQLException {
    if (straight.worthATry()) {
      if (copiedStraight(rows)) {
        setAll(Outcome.CREATED, places, outcomes);
        return;
      }
      straight.failed();
    }
    fillIncoming(rows, false);
    Map<String, Outcome> written = upsertIncoming();
    if (written.isEmpty()) {
      setAll(Outcome.UNCHANGED, places, outcomes);
    } else {
      for (int i = 0; i < places.length; i++) {
        outcomes[places[i]] = written.getOrDefault(rows.get(i).sku(), Outcome.UNCHANGED);
      }
    }
    straight.upserted(written.size() == rows.size() && !written.containsValue(Outcome.UPDATED));
  }

  private static void setAll(Outcome outcome, int[] places, Outcome[] outcomes) {
    for (int place : places) {
      outcomes[place] = outcome;
    }
  }

  /**
   * Copies the rows straight into the table. If one of the products already exists, writes nothing
   * and returns false. This copy is the chunk's first write, so a rollback to the savepoint at the
   * chunk's start undoes only the copy. The savepoint is not released, because a release would cost
   * one more round trip.
   */
  private boolean copiedStraight(List<ProductRow> rows) throws SQLException {
    try {
      PostgresCopy.rows(connection, sql.copyIntoTable(), rows, false);
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      rollBackToBegin();
      return false;
    }
    return true;
  }

  /**
   * Upserts the rows of the temporary table. Returns the outcome for each sku whose product was
   * created or updated.
   */
  private Map<String, Outcome> upsertIncoming() throws SQLException {
    Map<String, Outcome> outcomes = new HashMap<>();
    try (PreparedStatement upsert = connection.prepareStatement(sql.upsert())) {
      sql.bindAttributes(upsert, PostgresProductSql.ATTRIBUTES_IN_UPSERT);
      try (ResultSet written = upsert.executeQuery()) {
        while (written.next()) {
          outcomes.put(
              written.getString(1), written.getBoolean(2) ? Outcome.CREATED : Outcome.UPDATED);
        }
      }
    }
    return outcomes;
  }

  /** Finds the outcome that an upsert would have for each row if the row were the only one. */
  Outcome[] compare(ProductRows rows) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    Arrays.fill(outcomes, Outcome.UNCHANGED);
    BitSet large = new BitSet();
    long[] bytes = new long[rows.size()];
    fillIncoming(rows, true);
    try (PreparedStatement compare = connection.prepareStatement(sql.compare())) {
      sql.bindAttributes(compare, PostgresProductSql.ATTRIBUTES_IN_COMPARE);
      try (ResultSet different = compare.executeQuery()) {
        while (different.next()) {
          int place = different.getInt(1);
          outcomes[place] = different.getBoolean(2) ? Outcome.CREATED : Outcome.UPDATED;
          large.set(place, different.getBoolean(3));
          bytes[place] = different.getLong(4);
        }
      }
    }
    BitSet tooLarge =
        large.isEmpty()
            ? large
            : new PostgresAttributeSizes(connection, sql).tooLargeAlone(rows, large);
    tooLarge.stream().forEach(place -> outcomes[place] = Outcome.ATTRIBUTES_TOO_LARGE);
    if (writing.keeps()) {
      keepCompared(outcomes, bytes);
    }
    return outcomes;
  }

  /**
   * Stores the changes of rows that would update a product, until a change does not fit into the
   * room (the number of bytes that may still be stored).
   *
   * @param bytes an estimate of the size of the change of each row
   */
  private void keepCompared(Outcome[] outcomes, long[] bytes) throws SQLException {
    Integer[] kept = PostgresKeepChanges.fitting(connection, outcomes, bytes, writing.room());
    try (PreparedStatement keep = connection.prepareStatement(sql.keepCompared(writing))) {
      sql.bindAttributes(keep, PostgresProductSql.ATTRIBUTES_IN_KEEP);
      int next = mapping.hasAttributes() ? PostgresProductSql.ATTRIBUTES_IN_KEEP + 1 : 1;
      keep.setArray(next, connection.createArrayOf("integer", kept));
      keep.executeUpdate();
    }
  }

  private void fillIncoming(List<ProductRow> rows, boolean numbered) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (incomingIsUsed) {
        statement.execute(PostgresProductSql.EMPTY_INCOMING);
      } else if (!incomingExists()) {
        statement.execute(PostgresProductSql.MAKE_INCOMING);
      }
    }
    incomingIsUsed = true;
    PostgresCopy.rows(connection, sql.copyIntoIncoming(numbered), rows, numbered);
  }

  private boolean incomingExists() throws SQLException {
    try (PreparedStatement exists =
            connection.prepareStatement(PostgresProductSql.INCOMING_EXISTS);
        ResultSet answer = exists.executeQuery()) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
