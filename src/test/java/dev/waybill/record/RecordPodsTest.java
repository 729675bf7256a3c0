package dev.waybill.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventBroadcast;
import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.platform.DatabaseClock;
import dev.waybill.platform.OutageLog;
import dev.waybill.storage.PostgresServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two pods that poll the same records, on each kind of database. */
@ParameterizedClass
@ValueSource(strings = {"sqlite", "postgres"})
class RecordPodsTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final RecordName ORDER = new RecordName("order", "1");

  @Parameter String kind;
  @TempDir Path folder;

  private final Map<String, String> shop = new ConcurrentHashMap<>();
  private final List<StreamEvent> published = new CopyOnWriteArrayList<>();
  private SingleConnectionDataSource database;
  private OnePod one;
  private OnePod two;

  /** The part of a pod that polls. Its lease is short, so that a test sees it end. */
  private final class OnePod {

    final PollRecords polls;
    final OpenRecord open;
    final RecordStore store;

    OnePod(String id) {
      JdbcClient client = JdbcClient.create((DataSource) database);
      MockEnvironment environment = new MockEnvironment();
      environment.setProperty("waybill.database", kind);
      store = new RecordStore(client, client, new DatabaseClock(environment));
      EventBroadcast broadcast =
          new EventBroadcast() {
            @Override
            public void broadcast(List<StreamEvent> events) {
              published.addAll(events);
            }

            @Override
            public int watchers(String streamId) {
              return 1;
            }
          };
      RecordMetrics metrics = new RecordMetrics(new SimpleMeterRegistry());
      OutageLog outages = new OutageLog();
      ReadRecord read = new ReadRecord(metrics, outages);
      Pod pod = new Pod(id);
      polls = new PollRecords(store, read, metrics, broadcast, outages, JSON, pod);
      RecordSource source = key -> Optional.ofNullable(shop.get(key)).map(RecordPodsTest::parsed);
      RecordKind order =
          new RecordKind(
              source, Duration.ofMillis(20), Optional.of(DoneWhen.parse("s", "/s = END")));
      open =
          new OpenRecord(
              name -> Optional.of(order),
              store,
              polls,
              read,
              broadcast,
              new TransactionTemplate(new DataSourceTransactionManager(database)),
              pod);
    }
  }

  private static JsonNode parsed(String text) {
    return JSON.readTree(text);
  }

  @BeforeEach
  void pods() {
    database =
        kind.equals("sqlite")
            ? new SingleConnectionDataSource("jdbc:sqlite:" + folder.resolve("r.db"), true)
            : new SingleConnectionDataSource(
                PostgresServer.newDatabase(), PostgresServer.USER, "", true);
    new ResourceDatabasePopulator(
            new ClassPathResource("db/migration/%s/V61__watched_record.sql".formatted(kind)))
        .execute(database);
    one = new OnePod("one");
    two = new OnePod("two");
    shop.put("1", "{\"s\":\"A\"}");
  }

  @AfterEach
  void stop() {
    one.polls.stop();
    two.polls.stop();
    database.destroy();
  }

  @Test
  @Shows("record.one-poller")
  void onePodPollsHoweverManyOpenTheRecord() {
    StoredRecord first = one.open.open(ORDER).orElseThrow();
    StoredRecord second = two.open.open(ORDER).orElseThrow();

    assertThat(second.last()).isEqualTo(first.last());
    assertThat(one.polls.polls(ORDER.streamId())).isTrue();
    assertThat(two.polls.polls(ORDER.streamId())).isFalse();
  }

  @Test
  @Shows("record.moves")
  void aPodThatStopsHandsItsRecordsOverWithAHigherEpoch() {
    int before = one.open.open(ORDER).orElseThrow().epoch();
    one.polls.stop();
    shop.put("1", "{\"s\":\"B\"}");

    StoredRecord moved = two.open.open(ORDER).orElseThrow();

    assertThat(moved.epoch()).isGreaterThan(before);
    assertThat(published.getLast().type()).isEqualTo(StoredRecord.SNAPSHOT);
    assertThat(published.getLast().data()).isEqualTo("{\"s\":\"B\"}");
    shop.put("1", "{\"s\":\"END\"}");
    await().until(() -> published.getLast().type().isFinal());
    assertThat(published.getLast().id()).isEqualTo(two.open.open(ORDER).orElseThrow().last());
  }

  @Test
  @Shows("record.moves")
  void aPollerThatLostItsLeaseIsFenced() {
    StoredRecord old = one.open.open(ORDER).orElseThrow();
    // As if the pod was frozen until its lease was over.
    two.store.release(old.streamId(), old.epoch());
    StoredRecord claimed = two.open.open(ORDER).orElseThrow();
    published.clear();

    assertThat(one.store.advance(old.with(2, "{}", null), Duration.ofSeconds(5))).isFalse();
    shop.put("1", "{\"s\":\"B\"}");

    await().until(() -> !one.polls.polls(ORDER.streamId()));
    await().until(() -> !published.isEmpty());
    assertThat(published).allMatch(event -> event.id().epoch() == claimed.epoch());
  }

  @Test
  void aRecordThatVanishedWhileNobodyPolledItEndsForItsWatchers() {
    one.open.open(ORDER).orElseThrow();
    one.polls.stop();
    shop.clear();

    assertThat(two.open.open(ORDER)).isEmpty();
    assertThat(published.getLast().type().name()).isEqualTo("error");
  }

  @Test
  @Shows("record.ended")
  void theIdOfTheEndStaysWhileTheRecordIsDone() {
    shop.put("1", "{\"s\":\"END\"}");
    StoredRecord end = one.open.open(ORDER).orElseThrow();
    await()
        .untilAsserted(
            () -> {
              shop.put("1", "{\"s\":\"END\",\"note\":1}");
              StoredRecord later = two.open.open(ORDER).orElseThrow();
              assertThat(later.body()).contains("note");
              assertThat(later.last()).isEqualTo(end.last());
            });
    assertThat(one.polls.polls(ORDER.streamId())).isFalse();
  }

  @Test
  void oldRecordsAreForgottenAndNoEpochComesAgain() {
    shop.put("1", "{\"s\":\"END\"}");
    int epoch = one.open.open(ORDER).orElseThrow().epoch();
    one.store.forget(Duration.ofHours(1), 10);
    assertThat(one.store.find(ORDER.streamId(), Duration.ZERO)).isPresent();
    one.store.forget(Duration.ofHours(1), 0);
    assertThat(one.store.find(ORDER.streamId(), Duration.ZERO)).isEmpty();
    assertThat(one.open.open(ORDER).orElseThrow().epoch()).isGreaterThan(epoch);
  }
}
