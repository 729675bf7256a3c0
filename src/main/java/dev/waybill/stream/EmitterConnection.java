package dev.waybill.stream;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The transport {@link Transport#EMITTER}: a Spring emitter without a timeout that writes frames as
 * they are. The only class that calls {@code send}.
 */
final class EmitterConnection extends SseEmitter implements Connection {

  private final ClientStream client;
  private final HttpServletRequest request;

  /** Where to flush if a filter for ETags keeps Spring's own flush back; otherwise null. */
  private final @Nullable ServletResponse toFlush;

  /** How to break off a stream that was opened by POST; null for every other. */
  private final BreakOff.@Nullable Mark breakOff;

  private EmitterConnection(
      ClientStream client,
      HttpServletRequest request,
      @Nullable ServletResponse toFlush,
      BreakOff.@Nullable Mark breakOff) {
    super(0L);
    this.client = client;
    this.request = request;
    this.toFlush = toFlush;
    this.breakOff = breakOff;
  }

  /** The body for Spring to return. The client is connected once Tomcat has let the request go. */
  static EmitterConnection serving(
      ClientStream client, HttpServletRequest request, HttpServletResponse response) {
    ServletResponse toFlush =
        ChooseTransport.isBuffered(response) ? ChooseTransport.containerOf(response) : null;
    BreakOff.Mark breakOff =
        HttpMethod.POST.matches(request.getMethod()) ? BreakOff.Mark.on(request) : null;
    EmitterConnection emitter = new EmitterConnection(client, request, toFlush, breakOff);
    emitter.onCompletion(client::gone);
    emitter.onError(e -> client.gone());
    return emitter;
  }

  /**
   * On the request's thread, when Spring is about to start the asynchronous response. Frames that
   * were sent earlier would pile up in memory without bound.
   */
  @Override
  protected void extendResponse(ServerHttpResponse outputMessage) {
    super.extendResponse(outputMessage);
    AsyncStart.then(request, () -> client.connected(this));
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    // Only this overload leaves the bytes alone: no framing by Spring, one write, one flush.
    Set<DataWithMediaType> batch = Set.of(new DataWithMediaType(bytes, null));
    try {
      send(batch);
      if (toFlush != null) {
        toFlush.flushBuffer();
      }
    } catch (IllegalStateException e) {
      // Spring or Tomcat has ended the response in this moment and will report so.
      throw new IOException("The response has ended", e);
    }
  }

  @Override
  public void end(Ending ending) {
    if (breakOff != null && !ending.reason().isForGood()) {
      breakOff.set();
    }
    complete();
  }
}
