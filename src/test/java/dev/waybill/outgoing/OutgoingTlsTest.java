package dev.waybill.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.waybill.contract.Shows;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to a real server with TLS, whose certificate it has signed itself for one host. */
class OutgoingTlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String PASSWORD = "changeit";
  private static final String TRUST_STORE = "javax.net.ssl.trustStore";
  private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

  @TempDir private static Path folder;

  private static final List<String> BODIES = new CopyOnWriteArrayList<>();
  private static Path keys;
  private static HttpsServer server;

  @BeforeAll
  static void start() throws Exception {
    keys = folder.resolve("keys.p12");
    signCertificate();
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity()));
    server.createContext(
        "/",
        exchange -> {
          BODIES.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  private static void signCertificate() throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                "shop",
                "-keyalg",
                "EC",
                "-dname",
                "CN=shop.example",
                "-ext",
                "SAN=dns:shop.example")
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  private static SSLContext identity() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @AfterEach
  void trustTheUsualIssuersAgain() {
    System.clearProperty(TRUST_STORE);
    System.clearProperty(TRUST_STORE_PASSWORD);
    BODIES.clear();
  }

  /** As an operator does who starts the JVM with these settings. */
  private static void trustTheServer() {
    System.setProperty(TRUST_STORE, keys.toString());
    System.setProperty(TRUST_STORE_PASSWORD, PASSWORD);
  }

  @Test
  void aTrustedCertificateForTheHostIsAccepted() throws CallFailedException {
    trustTheServer();

    assertThat(send("shop.example")).isEqualTo(204);
    assertThat(BODIES).containsExactly("{}");
  }

  @Test
  @Shows("webhook.tls")
  void aCertificateOfAnUnknownIssuerIsRefused() {
    assertThatThrownBy(() -> send("shop.example")).hasMessage("tls");
    assertThat(BODIES).isEmpty();
  }

  @Test
  @Shows("webhook.tls")
  void aTrustedCertificateForAnotherHostIsRefused() {
    trustTheServer();

    assertThatThrownBy(() -> send("another.example")).hasMessage("tls");
    assertThatThrownBy(() -> send("127.0.0.1")).hasMessage("tls");
    assertThat(BODIES).isEmpty();
  }

  private static int send(String host) throws CallFailedException {
    // Every name has the address of this machine.
    OutgoingHttp http =
        new OutgoingHttp(_ -> new InetAddress[] {InetAddress.getByName("127.0.0.1")}, true);
    OutgoingHttp.Call call =
        new OutgoingHttp.Call(
            URI.create("https://" + host + ":" + server.getAddress().getPort() + "/"),
            Map.of("Content-Type", "application/json"),
            new OutgoingHttp.Body("{}".getBytes(UTF_8)),
            PATIENCE,
            PATIENCE);
    try (OpenCall open = http.prepare(call)) {
      return open.send();
    }
  }
}
