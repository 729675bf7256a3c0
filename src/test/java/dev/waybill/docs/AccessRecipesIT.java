package dev.waybill.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waybill.process.WaybillProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the recipes of {@code docs/access.md} in order, with the packaged service. */
class AccessRecipesIT {

  private static final Path PAGE = Path.of("docs/access.md");
  private static final String BOOTSTRAP = "0123456789abcdef".repeat(4);
  private static final String SECRET = "a secret that the login of the shop shares with us";

  private static final Pattern START =
      Pattern.compile("\njava -jar waybill.jar (--server.address=.+)\n");
  private static final Pattern CLAIMS = Pattern.compile("```json\n(.+)\n```");

  @TempDir private Path folder;

  @Test
  void theRecipesDoWhatThePageSays() throws Exception {
    String page = Files.readString(PAGE);
    Files.copy(Path.of("samples/products.csv"), folder.resolve("products.csv"));
    List<String> arguments = new ArrayList<>(List.of(found(START, page).split(" ")));
    arguments.addAll(
        List.of(
            "--waybill.access.bootstrap-key=" + BOOTSTRAP,
            "--waybill.access.jwt.secret=" + SECRET,
            "--waybill.access.jwt.audience=waybill",
            "--waybill.cors.allowed-origins=https://shop.example"));
    MarkedCommands commands =
        new MarkedCommands(
            PAGE,
            folder,
            Map.of("WAYBILL_ACCESS_BOOTSTRAPKEY", BOOTSTRAP, "JWT", jwt(found(CLAIMS, page))));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try (WaybillProcess service =
        WaybillProcess.start(folder.resolve("data"), arguments.toArray(String[]::new))) {
      commands.run(
          text ->
              text.replace("https://waybill.example", "http://localhost:" + service.port())
                  .replace(
                      "java -jar waybill.jar",
                      java + " -jar " + System.getProperty("waybill.jar")));
      assertThat(service.log()).doesNotContain("wbk_", "wbt_", BOOTSTRAP);
    }
  }

  private static String found(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.find()).as(pattern.pattern()).isTrue();
    return matcher.group(1);
  }

  /** The token shown on the page, but with an expiry time in the future. */
  private static String jwt(String claims) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder(JWTClaimsSet.parse(claims))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
    token.sign(new MACSigner(SECRET.getBytes(UTF_8)));
    return token.serialize();
  }
}
