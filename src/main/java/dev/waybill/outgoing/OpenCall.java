package dev.waybill.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** One POST to a server elsewhere. Sent by one thread; any thread may abort it. */
public final class OpenCall implements AutoCloseable {

  private final CloseableHttpClient client;
  private final HttpPost request;
  private final Duration head;
  private @Nullable ClassicHttpResponse response; // used by the thread that sends

  OpenCall(CloseableHttpClient client, OutgoingHttp.Call call) {
    this.client = client;
    this.head = call.head();
    request = new HttpPost(call.uri());
    call.headers().forEach(request::setHeader);
    // The type of the content is among the headers.
    request.setEntity(new ByteArrayEntity(call.body().bytes(), null));
    request.setConfig(
        RequestConfig.custom()
            .setRedirectsEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .setResponseTimeout(
                Timeout.of(call.idle().compareTo(head) > 0 ? call.idle() : call.head()))
            .build());
  }

  /**
   * Sends the request and waits for the status and the headers of the answer.
   *
   * @return the status
   * @throws CallFailedException if there is no answer in time, or none at all
   */
  public int send() throws CallFailedException {
    // The lookup of a name cannot be interrupted. So it has a thread of its own.
    FutureTask<ClassicHttpResponse> task =
        new FutureTask<>(() -> client.executeOpen(null, request, null));
    Thread.ofPlatform().daemon().name("call").start(task);
    try {
      response = task.get(head.toMillis(), TimeUnit.MILLISECONDS);
      return response.getCode();
    } catch (TimeoutException e) {
      abort();
      throw CallFailedException.timeout(e);
    } catch (ExecutionException e) {
      throw CallFailedException.of(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      abort();
      Thread.currentThread().interrupt();
      throw new CallFailedException("stopped", e);
    }
  }

  /** A header of the answer; empty if there is none. */
  public String header(String name) {
    Header header = response == null ? null : response.getFirstHeader(name);
    return header == null || header.getValue() == null ? "" : header.getValue();
  }

  /** Whether the answer says where its body ends, so that a body that breaks off is noticed. */
  public boolean saysWhereItEnds() {
    HttpEntity entity = response == null ? null : response.getEntity();
    return entity == null || entity.isChunked() || entity.getContentLength() >= 0;
  }

  /** The body of the answer. Its end is that of the whole body, or reading it fails. */
  public InputStream body() throws IOException {
    HttpEntity entity = response == null ? null : response.getEntity();
    InputStream content = entity == null ? null : entity.getContent();
    return content == null ? InputStream.nullInputStream() : content;
  }

  /** Closes the connection, whatever happens on it. */
  public void abort() {
    request.abort();
  }

  /** Drops what remains of the answer. */
  @Override
  public void close() {
    request.abort();
  }
}
