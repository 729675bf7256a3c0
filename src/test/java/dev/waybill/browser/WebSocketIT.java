package dev.waybill.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.waybill.contract.Shows;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * WebSockets of pages in a browser that has a session. A browser sends the session's cookie also
 * with the handshake of another page on the same host, so only {@code Origin} distinguishes them.
 */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "waybill.access.bootstrap-key=" + WebSocketIT.KEY)
class WebSocketIT {

  static final String KEY = "a-bootstrap-key-of-thirty-two-characters-or-more";

  private static final String PATH = "/api/streams/orders/events";

  private static final String OPEN =
      """
      url => {
        window.seen = [];
        const socket = new WebSocket(url);
        socket.onmessage = ({ data }) => window.seen.push(JSON.parse(data).event);
        socket.onclose = ({ code }) => window.seen.push(`closed ${code}`);
      }
      """;

  private static final HttpServer ALLOWED = otherPage();
  private static final HttpServer UNKNOWN = otherPage();

  @TempDir static Path folder;

  private static Chromium chromium;

  @LocalServerPort int port;
  @Autowired Handshakes handshakes;
  private final HttpClient http = HttpClient.newHttpClient();
  private Page own;

  /** A handshake that the service has received, and the status of its answer. */
  private record Handshake(String origin, boolean withCookie, int status) {}

  /** Remembers all handshakes, also the refused ones. */
  static final class Handshakes implements Filter {

    private final List<Handshake> all = new CopyOnWriteArrayList<>();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      chain.doFilter(request, response);
      HttpServletRequest http = (HttpServletRequest) request;
      if ("websocket".equalsIgnoreCase(http.getHeader("Upgrade"))) {
        String cookies = String.valueOf(http.getHeader("Cookie"));
        all.add(
            new Handshake(
                http.getHeader("Origin"),
                cookies.contains("waybill-session="),
                ((HttpServletResponse) response).getStatus()));
      }
    }
  }

  @TestConfiguration
  static class Recording {

    @Bean
    Handshakes handshakes() {
      return new Handshakes();
    }

    @Bean
    FilterRegistrationBean<Handshakes> handshakesFirst(Handshakes handshakes) {
      FilterRegistrationBean<Handshakes> first = new FilterRegistrationBean<>(handshakes);
      first.setOrder(Ordered.HIGHEST_PRECEDENCE);
      return first;
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
    registry.add("waybill.cors.allowed-origins", () -> origin("127.0.0.1", ALLOWED));
  }

  /** A server of another page, on another port of this machine. */
  private static HttpServer otherPage() {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.createContext(
          "/",
          exchange -> {
            byte[] page = "<!doctype html><title>Another page</title>".getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static String origin(String host, HttpServer server) {
    return "http://" + host + ":" + server.getAddress().getPort();
  }

  @BeforeAll
  static void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
    ALLOWED.stop(0);
    UNKNOWN.stop(0);
  }

  @BeforeEach
  void signIn() {
    own = chromium.newContext().newPage();
    own.navigate("http://127.0.0.1:" + port + "/");
    Object status =
        own.evaluate(
            """
            key => fetch('/api/session',
                { method: 'POST', headers: { Authorization: `Bearer ${key}` } })
              .then(({ status }) => status)
            """,
            KEY);
    assertThat(status).isEqualTo(201);
    handshakes.all.clear();
  }

  @AfterEach
  void closePages() {
    own.context().close();
    http.shutdownNow();
  }

  @Test
  @Shows("access.session.websocket")
  void thePageOfThisServerWatchesWithTheCookieOfItsSession() throws Exception {
    open(own);
    await().pollInSameThread().until(() -> seen(own).equals(List.of("waybill.open")));

    HttpResponse<String> published =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + PATH))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + KEY)
                .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"order\",\"data\":1}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(published.statusCode()).as(published.body()).isEqualTo(200);

    await().pollInSameThread().until(() -> seen(own).equals(List.of("waybill.open", "order")));
    assertThat(handshakes.all)
        .extracting(Handshake::origin, Handshake::withCookie)
        .containsExactly(tuple("http://127.0.0.1:" + port, true));
  }

  @Test
  @Shows("access.session.websocket")
  void anotherPageOnTheSameHostIsRefusedAlthoughTheBrowserSendsTheCookie() {
    assertRefused(new Handshake(origin("127.0.0.1", UNKNOWN), true, 403));
  }

  @Test
  @Shows("access.session.websocket")
  void aPageThatMayCallDoesNotGetTheSessionByTheCookie() {
    assertRefused(new Handshake(origin("127.0.0.1", ALLOWED), true, 401));
  }

  @Test
  @Shows("access.session.websocket")
  void aPageOfAnotherSiteIsRefusedAndTheBrowserSendsNoCookie() {
    assertRefused(new Handshake(origin("localhost", UNKNOWN), false, 403));
  }

  private void assertRefused(Handshake expected) {
    Page foreign = own.context().newPage();
    foreign.navigate(expected.origin() + "/");

    open(foreign);

    await().pollInSameThread().until(() -> seen(foreign).equals(List.of("closed 1006")));
    assertThat(handshakes.all).containsExactly(expected);
  }

  private void open(Page page) {
    page.evaluate(OPEN, "ws://127.0.0.1:" + port + PATH);
  }

  @SuppressWarnings("unchecked") // The script above makes an array of strings.
  private static List<String> seen(Page page) {
    return (List<String>) page.evaluate("window.seen");
  }
}
