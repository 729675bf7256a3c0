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

/**
 * One POST request to another server. One thread sends the request. Any thread may abort the
 * request.
 */
public final class OpenCall implements AutoCloseable {

  private final CloseableHttpClient client;
  private final HttpPost request;
  private final Duration head;
  private @Nullable ClassicHttpResponse response; // used only by the thread that sends

  OpenCall(CloseableHttpClient client, OutgoingHttp.Call call) {
    this.client = client;
    this.head = call.head();
    request = new HttpPost(call.uri());
    call.headers().forEach(request::setHeader);
    // Creates the entity without a content type, because the headers of the call contain the
    // content type.
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
   * @throws CallFailedException if no answer arrives in time
   */
  public int send() throws CallFailedException {
    // Runs the request on a separate thread, because a DNS lookup cannot be interrupted.
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

  /** A header of the answer; empty if the answer does not have this header. */
  public String header(String name) {
    Header header = response == null ? null : response.getFirstHeader(name);
    return header == null || header.getValue() == null ? "" : header.getValue();
  }

  /**
   * Whether the answer declares the end of its body, by its length or by chunks. If the answer does
   * not declare the end, a truncated body cannot be distinguished from a complete body.
   */
  public boolean saysWhereItEnds() {
    HttpEntity entity = response == null ? null : response.getEntity();
    return entity == null || entity.isChunked() || entity.getContentLength() >= 0;
  }

  /**
   * The body of the answer. If the connection breaks before the end of the body, reading the body
   * fails.
   */
  public InputStream body() throws IOException {
    HttpEntity entity = response == null ? null : response.getEntity();
    InputStream content = entity == null ? null : entity.getContent();
    return content == null ? InputStream.nullInputStream() : content;
  }

  /** Closes the connection, even while another thread uses the connection. */
  public void abort() {
    request.abort();
  }

  /** Drops the unread part of the answer. */
  @Override
  public void close() {
    request.abort();
  }
}
