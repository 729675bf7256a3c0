package dev.waybill.faults.pod;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections with a fault point inside each COPY, one after each commit of a COPY, one before and
 * one after each commit of events of audience streams, and one after each commit that queues a
 * webhook.
 */
final class StoppingConnections extends DelegatingDataSource {

  /** In bytes. A shorter piece is the head or the end of a COPY. */
  private static final int LEAST_WITH_ROWS = 1024;

  private static final Pattern QUEUES_A_WEBHOOK = insertInto("webhook_task");
  private static final Pattern STORES_EVENTS = insertInto("stream_event");

  /** What the open transaction of a connection has done. */
  private enum Done {
    COPIED,
    QUEUED_A_WEBHOOK,
    STORED_EVENTS
  }

  private final StopTheClock stop;

  StoppingConnections(DataSource target, StopTheClock stop) {
    super(target);
    this.stop = stop;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    Set<Done> done = EnumSet.noneOf(Done.class);
    return proxy(
        Connection.class,
        connection,
        (method, arguments, goOn) -> {
          if (method.equals("unwrap") && arguments[0] == PGConnection.class) {
            done.add(Done.COPIED);
            return copying(connection);
          }
          if (method.equals("prepareStatement")) {
            note((String) arguments[0], done);
          }
          if (!method.equals("commit")) {
            return goOn.call();
          }
          if (done.contains(Done.STORED_EVENTS)) {
            stop.at(FaultPoint.WITHIN_A_GROUP);
          }
          Object answer = goOn.call();
          afterCommit(done);
          done.clear();
          return answer;
        });
  }

  private static void note(String sql, Set<Done> done) {
    if (QUEUES_A_WEBHOOK.matcher(sql).matches()) {
      done.add(Done.QUEUED_A_WEBHOOK);
    } else if (STORES_EVENTS.matcher(sql).matches()) {
      done.add(Done.STORED_EVENTS);
    }
  }

  private void afterCommit(Set<Done> done) throws InterruptedException {
    if (done.contains(Done.QUEUED_A_WEBHOOK)) {
      stop.at(FaultPoint.BEFORE_A_DELIVERY);
    }
    if (done.contains(Done.STORED_EVENTS)) {
      stop.at(FaultPoint.AFTER_A_GROUP);
    }
    if (done.contains(Done.COPIED)) {
      stop.at(FaultPoint.AFTER_A_COMMIT);
      stop.afterAChunk();
    }
  }

  private static Pattern insertInto(String table) {
    return Pattern.compile(
        "insert\\s+into\\s+" + table + "\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  private PGConnection copying(Connection connection) throws SQLException {
    BaseConnection postgres = connection.unwrap(BaseConnection.class);
    CopyManager copies =
        new CopyManager(postgres) {
          @Override
          public CopyIn copyIn(String sql) throws SQLException {
            return stoppingHalfWay(super.copyIn(sql));
          }
        };
    return proxy(
        PGConnection.class,
        postgres,
        (method, _, goOn) -> method.equals("getCopyAPI") ? copies : goOn.call());
  }

  private CopyIn stoppingHalfWay(CopyIn copy) {
    return proxy(
        CopyIn.class,
        copy,
        (method, arguments, goOn) -> {
          if (!method.equals("writeToCopy")
              || arguments.length != 3
              || (int) arguments[2] < LEAST_WITH_ROWS) {
            return goOn.call();
          }
          byte[] rows = (byte[]) arguments[0];
          int from = (int) arguments[1];
          int length = (int) arguments[2];
          copy.writeToCopy(rows, from, length / 2);
          copy.flushCopy();
          stop.at(FaultPoint.WITHIN_A_COPY);
          copy.writeToCopy(rows, from + length / 2, length - length / 2);
          return null;
        });
  }

  private interface GoOn {
    Object call() throws Throwable;
  }

  private interface Call {
    Object made(String method, Object[] arguments, GoOn goOn) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, T target, Call call) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) ->
                call.made(
                    method.getName(),
                    arguments,
                    () -> FaultPoints.call(target, method, arguments)));
    return type.cast(proxy);
  }
}
