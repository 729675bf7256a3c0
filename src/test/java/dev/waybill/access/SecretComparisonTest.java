package dev.waybill.access;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The time of an answer must not help to guess a secret. So secrets are compared in constant time,
 * and a wrong key causes the same work however many of its characters are right. Stored keys are
 * looked up by their hash, which a caller cannot change character by character. {@code
 * bench/access} measures the time of a refusal.
 */
class SecretComparisonTest {

  private static final String ROOT = "dev.waybill.";
  private static final String CONSTANT_TIME = "java.security.MessageDigest.isEqual";

  /** Methods that return a secret, or what only the owner of a secret can compute. */
  private static final Set<String> SECRETS =
      Set.of(
          "javax.crypto.Mac.doFinal",
          ROOT + "access.AccessProperties.bootstrapKey",
          ROOT + "access.KeyText.sha256",
          ROOT + "access.WatchTokens.sign",
          ROOT + "worker.IssueWorkerTokens.mac",
          ROOT + "worker.IssueWorkerTokens.token");

  private static final String BOOTSTRAP = "bootstrap-key-of-thirty-two-characters-or-more";

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(ROOT + "access", ROOT + "worker", ROOT + "cluster");
  }

  @ParameterizedTest
  @CsvSource({
    "access.AccessProperties, isBootstrapKey",
    "access.WatchTokens, verify",
    "worker.IssueWorkerTokens, read",
    "cluster.VerifyRequest, claimed",
    "cluster.VerifyRequest, proves"
  })
  void aSecretIsComparedInConstantTime(String type, String method) {
    assertThat(
            classes.get(ROOT + type).getCodeUnits().stream()
                .filter(unit -> unit.getName().equals(method))
                .flatMap(SecretComparisonTest::calls))
        .contains(CONSTANT_TIME);
  }

  @Test
  void noCodeThatReadsASecretComparesInAnotherWay() {
    List<JavaCodeUnit> readers =
        classes.stream()
            .filter(type -> !type.getPackageName().equals(ROOT + "cluster"))
            .flatMap(type -> type.getCodeUnits().stream())
            .filter(unit -> calls(unit).anyMatch(SECRETS::contains))
            .toList();

    assertThat(readers.stream().map(JavaCodeUnit::getName))
        .contains("isBootstrapKey", "verify", "read");
    assertThat(readers)
        .allSatisfy(
            unit ->
                assertThat(calls(unit).collect(toSet()))
                    .as(unit.getFullName())
                    .noneMatch(
                        call -> call.matches(".*\\.(equals|contentEquals|compareTo|mismatch)")));
  }

  private static Stream<String> calls(JavaCodeUnit unit) {
    return Stream.concat(
            unit.getMethodCallsFromSelf().stream().map(call -> call.getTarget()),
            unit.getMethodReferencesFromSelf().stream().map(call -> call.getTarget()))
        .map(target -> target.getOwner().getName() + "." + target.getName());
  }

  @Test
  void aWrongKeyCausesNoQueryHoweverMuchOfItIsRight() {
    AtomicInteger queries = new AtomicInteger();
    AbstractDataSource database =
        new AbstractDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            queries.incrementAndGet();
            throw new SQLException("not here");
          }

          @Override
          public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
          }
        };
    JdbcClient client = JdbcClient.create(database);
    Clock clock = Clock.systemUTC();
    Credentials credentials =
        new Credentials(
            new AccessProperties(
                false,
                BOOTSTRAP,
                false,
                new AccessProperties.Jwt(null, null, null, null, null, null)),
            new KnownKeys(
                new KeyStore(client, client, new JdbcTransactionManager(database)), clock),
            null,
            null,
            clock);
    Caller address = Caller.ofAddress("192.0.2.1");
    String stored = KeyText.random();
    String otherEnd = stored.endsWith("0") ? "1" : "0";

    for (String wrong :
        List.of(
            BOOTSTRAP.substring(0, BOOTSTRAP.length() - 1) + "X",
            "X" + BOOTSTRAP.substring(1),
            "X".repeat(BOOTSTRAP.length()),
            BOOTSTRAP + "X",
            BOOTSTRAP.substring(1),
            stored.substring(0, stored.length() - 1) + otherEnd)) {
      assertThatExceptionOfType(RefusedCredential.class)
          .as(wrong)
          .isThrownBy(() -> credentials.ofKey(wrong, address));
    }
    assertThat(queries).hasValue(0);
    // Only a key with the right checksum is looked up.
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(() -> credentials.ofKey(stored, address));
    assertThat(queries).hasValue(1);
  }
}
