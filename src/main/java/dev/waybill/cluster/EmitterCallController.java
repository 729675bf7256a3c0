package dev.waybill.cluster;

import dev.waybill.cluster.EmitterCall.Reply;
import dev.waybill.platform.ScopedLock;
import dev.waybill.problem.Problem;
import dev.waybill.stream.EmitterView;
import dev.waybill.stream.LocalEmitters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Answers the requests of other pods about the emitters of this pod. */
@RestController
@Profile("cluster")
@RequiredArgsConstructor
class EmitterCallController {

  static final String PATH = "/internal/emitters";

  /**
   * The number of answers that are kept, because a call can arrive twice. A small number is enough,
   * because the second call follows immediately.
   */
  private static final int REMEMBERED = 1000;

  private final ReadSigned readSigned;
  private final LocalEmitters emitters;
  private final JsonMapper json;

  private final ScopedLock lock = new ScopedLock();

  private final Map<String, Reply> replies = new LinkedHashMap<>(); // guarded by lock

  @PostMapping(PATH)
  Reply answer(HttpServletRequest request) throws IOException {
    byte[] body = readSigned.read(request, EmitterCall.MOST_BYTES);
    EmitterCall call;
    try {
      call = json.readValue(body, EmitterCall.class);
    } catch (JacksonException e) {
      throw Problem.parameter("The body is not a valid call.");
    }
    return switch (call.action()) {
      case FIND -> {
        Optional<EmitterView> found = emitters.find(emitterId(call));
        yield new Reply(found.isPresent(), found.orElse(null), null);
      }
      case LIST ->
          new Reply(true, null, emitters.list(call.streamId(), call.after(), call.limit()));
      case SEND, CLOSE -> once(call);
    };
  }

  /**
   * Executes a call only one time, even if the call arrives twice. All calls share one lock. No
   * call waits long for the lock, because no action blocks.
   */
  private Reply once(EmitterCall call) {
    try (var _ = lock.hold()) {
      Reply before = replies.get(call.callId());
      if (before != null) {
        return before;
      }
      boolean done =
          call.action() == EmitterCall.Action.CLOSE
              ? emitters.close(emitterId(call))
              : emitters.send(emitterId(call), Objects.requireNonNull(call.event()).toEvent());
      Reply reply = new Reply(done, null, null);
      replies.put(call.callId(), reply);
      if (replies.size() > REMEMBERED) {
        replies.remove(replies.keySet().iterator().next());
      }
      return reply;
    }
  }

  private static String emitterId(EmitterCall call) {
    return Objects.requireNonNull(call.emitterId());
  }
}
