package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.process.WaybillProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the recipes of {@code docs/access.md} in order, with the packaged service and with an issuer
 * of tokens.
 */
class AccessRecipesIT {

  private static final Path PAGE = Path.of("docs/access.md");
  private static final String BOOTSTRAP = "0123456789abcdef".repeat(4);
  private static final String CLIENT_SECRET = "the-secret-of-the-client-shop";
  private static final String ISSUER = "https://login.shop.example/realms/shop";

  private static final Pattern START =
      Pattern.compile("\njava -jar waybill.jar (--server.address=.+)\n");
  private static final Pattern JWT_SETTINGS =
      Pattern.compile("```\n((?:waybill\\.access\\.jwt\\..+\n)+)```");
  private static final Pattern CLAIMS = Pattern.compile("```json\n(.+)\n```");

  @TempDir private Path folder;

  @Test
  void theRecipesDoWhatThePageSays() throws Exception {
    String page = Files.readString(PAGE);
    Files.copy(Path.of("samples/products.csv"), folder.resolve("products.csv"));
    MarkedCommands commands =
        new MarkedCommands(
            PAGE,
            folder,
            Map.of("WAYBILL_ACCESS_BOOTSTRAPKEY", BOOTSTRAP, "CLIENT_SECRET", CLIENT_SECRET));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try (LoginServer login = new LoginServer(CLIENT_SECRET, found(CLAIMS, page));
        WaybillProcess service =
            WaybillProcess.start(
                folder.resolve("data"), settings(page, login).toArray(String[]::new))) {
      commands.run(
          text ->
              text.replace("https://waybill.example", "http://localhost:" + service.port())
                  .replace(ISSUER, login.issuer())
                  .replace(
                      "java -jar waybill.jar",
                      java + " -jar " + System.getProperty("waybill.jar")));
      await().until(() -> statusOfKeys(service, commands.printed("ADMIN_KEY")) == 401);
      assertThat(service.log()).doesNotContain("wbk_", "wbt_", BOOTSTRAP);
    }
  }

  private static List<String> settings(String page, LoginServer login) {
    List<String> arguments = new ArrayList<>(List.of(found(START, page).split(" ")));
    found(JWT_SETTINGS, page)
        .lines()
        .map(line -> "--" + line.replace(ISSUER, login.issuer()))
        .forEach(arguments::add);
    assertThat(arguments).contains("--waybill.access.jwt.issuer-uri=" + login.issuer());
    arguments.addAll(
        List.of(
            "--waybill.access.bootstrap-key=" + BOOTSTRAP,
            "--waybill.cors.allowed-origins=https://shop.example"));
    return arguments;
  }

  private static int statusOfKeys(WaybillProcess service, String key) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(service.uri("/api/keys"))
                  .header("Authorization", "Bearer " + key)
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static String found(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.find()).as(pattern.pattern()).isTrue();
    return matcher.group(1);
  }
}
