import dev.waybill.access.LimitAtOnce;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamState;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The part of Waybill that delivers events, with Waybill's web server and settings. It has one job
 * that never ends and that gets synthetic events. These events have the type {@code rejected}, so
 * each watcher must get every one of them.
 */
@RestController
@EnableAutoConfiguration(
    excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ComponentScan({
  "dev.waybill.event",
  "dev.waybill.platform",
  "dev.waybill.stream",
  "dev.waybill.web"
})
@ConfigurationPropertiesScan({"dev.waybill.stream", "dev.waybill.web"})
class WatchServer implements StreamKind {

  private static final String STREAM = "fan-out";
  private static final EventType SNAPSHOT = EventType.of("snapshot", Delivery.STATE);
  private static final EventType REJECTED = EventType.of("rejected", Delivery.EACH);

  private final ObjectProvider<EventPublisher> publisher;
  private final AtomicLong sequence = new AtomicLong(1);

  WatchServer(ObjectProvider<EventPublisher> publisher) {
    this.publisher = publisher;
  }

  public static void main(String[] arguments) {
    SpringApplication.run(WatchServer.class, arguments);
  }

  @Bean
  static Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  static LimitAtOnce limitAtOnce() {
    return LimitAtOnce.NONE;
  }

  /** Publishes on a separate thread, like Waybill's thread that reports the progress of jobs. */
  @PostMapping("/publish")
  void publish(@RequestParam double perSecond, @RequestParam long count) {
    EventPublisher events = publisher.getObject();
    Thread.ofPlatform()
        .start(
            () -> SteadyEvents.publish(perSecond, count, data -> events.publish(rejected(data))));
  }

  private StreamEvent rejected(String data) {
    EventId id = new EventId(1, sequence.incrementAndGet());
    return new StreamEvent(STREAM, id, REJECTED, data, 0);
  }

  @Override
  public boolean covers(String streamId) {
    return STREAM.equals(streamId);
  }

  @Override
  public Optional<String> streamId(String name) {
    return Optional.of(name);
  }

  @Override
  public Optional<StreamState> state(String streamId) {
    return STREAM.equals(streamId)
        ? Optional.of(new StreamState(SNAPSHOT, "{\"status\":\"RUNNING\"}", 0, 1, null))
        : Optional.empty();
  }

  @Override
  public List<StreamEvent> endedAmong(Collection<String> streamIds) {
    return List.of();
  }
}
