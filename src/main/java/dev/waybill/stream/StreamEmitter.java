package dev.waybill.stream;

import java.io.IOException;
import java.util.Set;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** An emitter without a timeout that writes frames as they are; the one place that sends. */
final class StreamEmitter extends SseEmitter implements Connection {

  private volatile Runnable onResponse = () -> {};

  StreamEmitter() {
    super(0L);
  }

  /**
   * Runs on the request's thread when the response is about to take what is sent. Sent earlier, it
   * would pile up in memory without bound.
   */
  void onResponse(Runnable onResponse) {
    this.onResponse = onResponse;
  }

  @Override
  protected void extendResponse(ServerHttpResponse outputMessage) {
    super.extendResponse(outputMessage);
    onResponse.run();
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    // Only this overload leaves the bytes alone: no framing by Spring, one write, one flush.
    Set<DataWithMediaType> batch = Set.of(new DataWithMediaType(bytes, null));
    send(batch);
  }

  @Override
  public void end() {
    complete();
  }
}
