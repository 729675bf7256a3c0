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
 * The transport {@link Transport#EMITTER}: a Spring emitter without a timeout. This class writes
 * frames without changing them. No other class calls {@code send}.
 */
final class EmitterConnection extends SseEmitter implements Connection {

  private final ClientStream client;
  private final HttpServletRequest request;

  /**
   * The response that must be flushed explicitly, because a filter for ETags suppresses Spring's
   * flush; null if there is no such filter.
   */
  private final @Nullable ServletResponse toFlush;

  /**
   * The mark with which a stream that was opened by POST can be broken off; null for every other
   * stream.
   */
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

  /**
   * Creates the body that the controller returns to Spring. {@link #extendResponse} later connects
   * the client.
   */
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
   * Connects the client. Runs on the thread of the request, when Spring is about to start the
   * asynchronous response. Frames that were sent before this moment would accumulate in memory
   * without a limit.
   */
  @Override
  protected void extendResponse(ServerHttpResponse outputMessage) {
    super.extendResponse(outputMessage);
    AsyncStart.then(request, () -> client.connected(this));
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    // With this overload of send, Spring does not change the bytes: it adds no framing, writes once
    // and flushes once.
    Set<DataWithMediaType> batch = Set.of(new DataWithMediaType(bytes, null));
    try {
      send(batch);
      if (toFlush != null) {
        toFlush.flushBuffer();
      }
    } catch (IllegalStateException e) {
      // This exception occurs if Spring or Tomcat has just ended the response. Spring will still
      // call the completion callback.
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
