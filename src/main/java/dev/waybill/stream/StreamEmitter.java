package dev.waybill.stream;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * An emitter without a timeout that writes frames as they are; the one place that sends. For those
 * whose connection cannot be taken over, and for a stream that ends at once.
 */
final class StreamEmitter extends SseEmitter implements Connection {

  private volatile @Nullable ClientStream client;

  StreamEmitter() {
    super(0L);
  }

  static StreamEmitter serving(ClientStream client) {
    StreamEmitter emitter = new StreamEmitter();
    emitter.client = client;
    emitter.onCompletion(client::gone);
    emitter.onError(e -> client.gone());
    return emitter;
  }

  /**
   * On the request's thread, when the response is about to take what is sent. Sent earlier, it
   * would pile up in memory without bound.
   */
  @Override
  protected void extendResponse(ServerHttpResponse outputMessage) {
    super.extendResponse(outputMessage);
    ClientStream client = this.client;
    if (client != null) {
      client.connected(this);
    }
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
