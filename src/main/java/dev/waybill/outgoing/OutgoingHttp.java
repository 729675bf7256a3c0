package dev.waybill.outgoing;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import lombok.Locked;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client for calls to other servers. Each call opens a new connection to an address
 * that was checked. The client follows no redirects, uses no proxy from the environment, keeps no
 * cookies and decompresses nothing. With TLS, it checks the host name. The client is created when
 * the first call is made. Thread-safe.
 */
public final class OutgoingHttp {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MOST_CONNECTIONS = 10_000; // the callers of this class set lower limits
  private static final int MOST_HEADERS = 200;
  private static final int LONGEST_HEADER = 16 * 1024;

  private final CheckedAddresses addresses;
  private @Nullable CloseableHttpClient client; // guarded by @Locked

  /**
   * A request.
   *
   * @param head the timeout for connecting and for receiving the status and the headers of the
   *     answer
   * @param idle the maximum time between two bytes of the answer; a value below {@code head} counts
   *     as {@code head}
   */
  public record Call(
      URI uri, Map<String, String> headers, Body body, Duration head, Duration idle) {}

  /** The body of a request. */
  public static final class Body {

    private final byte[] bytes;

    public Body(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /**
   * @param allowPrivate whether calls may also go to addresses that are not public
   */
  public OutgoingHttp(boolean allowPrivate) {
    this(InetAddress::getAllByName, allowPrivate);
  }

  OutgoingHttp(CheckedAddresses.Lookup lookup, boolean allowPrivate) {
    addresses = new CheckedAddresses(lookup, allowPrivate);
  }

  /** Creates a call without sending it. */
  public OpenCall prepare(Call call) {
    return new OpenCall(client(), call);
  }

  @Locked
  private CloseableHttpClient client() {
    if (client == null) {
      client = build();
    }
    return client;
  }

  private CloseableHttpClient build() {
    Http1Config limits =
        Http1Config.custom()
            .setMaxHeaderCount(MOST_HEADERS)
            .setMaxLineLength(LONGEST_HEADER)
            .build();
    Timeout connect = Timeout.of(CONNECT);
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(addresses)
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(connect)
                        .build())
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setRedirectsEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build())
        .setConnectionReuseStrategy((_, _, _) -> false)
        .setUserAgent("Waybill")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .build();
  }
}
