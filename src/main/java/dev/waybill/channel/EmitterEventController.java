package dev.waybill.channel;

import dev.waybill.access.Access;
import dev.waybill.access.Quotas;
import dev.waybill.event.EventId;
import dev.waybill.event.SendToEmitter;
import dev.waybill.event.StreamEvent;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sends an event to one watching connection and to no other. */
@RestController
@RequiredArgsConstructor
class EmitterEventController {

  private final ReadBody readBody;
  private final SendToEmitter sendToEmitter;
  private final ChannelProperties properties;
  private final Quotas quotas;

  /**
   * The answer to a sender.
   *
   * @param emitterId the connection whose outbox has the event
   */
  record Sent(String emitterId) {}

  @PostMapping(path = "/api/emitters/{id}/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  Sent send(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    NewEvent event = readBody.one(request, properties.maxEventSize());
    quotas.takeEvents(request, response, 1);
    if (event.messageId() != null) {
      throw Problem.parameter(
          "messageId is for events of a stream: what is sent to one connection is not remembered.");
    }
    StreamEvent direct =
        new StreamEvent(
            "",
            EventId.NOTHING,
            event.type(),
            event.data(),
            0,
            new StreamEvent.Extras(event.text(), event.retryMillis(), null));
    if (!mayAddress(id, Access.of(request)) || !sendToEmitter.send(id, direct)) {
      throw Problem.of(
          HttpStatus.NOT_FOUND,
          "emitter-unknown",
          "No such emitter",
          "No connection has this ID. It has ended, and its client has another one if it came"
              + " back.");
    }
    return new Sent(id);
  }

  private boolean mayAddress(String id, Access access) {
    return access.seesAll() || sendToEmitter.streamsOf(id).filter(access::mayAddress).isPresent();
  }
}
