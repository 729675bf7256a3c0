package dev.waybill.stream;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;

/** Tomcat's HTTP/1.1 connection, which also reports when a request has become asynchronous. */
final class LeanProcessor extends Http11Processor {

  LeanProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
    super(protocol, adapter);
  }

  /**
   * Runs the action of a request that has become asynchronous. During the action, the thread still
   * holds the lock of the socket. So if the action causes an error, Tomcat handles the error only
   * after this method has returned.
   */
  @Override
  public SocketState asyncPostProcess() throws IOException {
    SocketState state = super.asyncPostProcess();
    if (state == SocketState.LONG) {
      Runnable action = AsyncStart.take(getRequest());
      if (action != null) {
        action.run();
      }
    }
    return state;
  }
}
