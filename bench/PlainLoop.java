import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The simple server with which Waybill is compared: a list of emitters, and a loop that sends each
 * event to all of them.
 */
@RestController
@EnableAutoConfiguration(
    excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
class PlainLoop {

  private final List<SseEmitter> emitters = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong sequence = new AtomicLong();

  public static void main(String[] arguments) {
    SpringApplication.run(PlainLoop.class, arguments);
  }

  @GetMapping("/events")
  SseEmitter events() throws IOException {
    SseEmitter emitter = new SseEmitter(0L);
    emitter.send(SseEmitter.event().comment("welcome"));
    emitter.onCompletion(() -> emitters.remove(emitter));
    emitters.add(emitter);
    return emitter;
  }

  @PostMapping("/publish")
  void publish(@RequestParam double perSecond, @RequestParam long count) {
    Thread.ofPlatform().start(() -> SteadyEvents.publish(perSecond, count, this::sendToAll));
  }

  private void sendToAll(String data) {
    String id = "1-" + sequence.incrementAndGet();
    synchronized (emitters) {
      for (SseEmitter emitter : List.copyOf(emitters)) {
        try {
          emitter.send(SseEmitter.event().id(id).name("rejected").data(data));
        } catch (IOException | IllegalStateException e) {
          emitters.remove(emitter);
        }
      }
    }
  }
}
