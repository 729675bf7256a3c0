package dev.waybill.access;

import dev.waybill.problem.Problem;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code java -jar waybill.jar key create|list|revoke}. The command makes, lists and
 * revokes API keys in the data folder or in PostgreSQL, even while a server uses this data folder
 * or database. The command starts no server.
 */
public final class KeyCommand {

  /** The first argument that selects this command. */
  public static final String NAME = "key";

  /**
   * The Spring profile of this command. With this profile, the data folder is not locked, because a
   * running server may hold the lock.
   */
  private static final String PROFILE = "key-command";

  private static final String USAGE =
      """
      Usage: key create --name=NAME --scopes=SCOPE,… [--watch=PATTERN,…] [--publish=PATTERN,…] [--expires-at=TIME]
             key list
             key revoke --id=ID
      Settings such as --waybill.data-dir=FOLDER say where the keys are.\
      """;

  private KeyCommand() {}

  /**
   * Loads only the beans that the command needs: the database and the keys. Loads no bean that
   * serves requests or runs jobs. This class has no annotation for a configuration, so that the
   * server does not load it.
   */
  @ImportAutoConfiguration({
    FlywayAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class
  })
  @ComponentScan(
      basePackages = "dev.waybill.storage",
      useDefaultFilters = false,
      includeFilters =
          @ComponentScan.Filter(
              type = FilterType.REGEX,
              pattern = ".*\\.(Sqlite|Postgres)Configuration"))
  @ConfigurationPropertiesScan("dev.waybill.storage")
  @Import({KeyStore.class, MakeKey.class, AuditLog.class})
  static class Parts {

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }

    @Bean
    JsonMapper jsonMapper() {
      return JsonMapper.shared();
    }
  }

  /**
   * Runs the command.
   *
   * @param arguments all arguments of the program
   * @return the exit code: 0, or 1 if the arguments are wrong or there is no such key
   */
  public static int run(String[] arguments, PrintStream out) {
    List<String> words = Stream.of(arguments).filter(word -> !word.startsWith("--")).toList();
    if (words.size() != 2 || !List.of("create", "list", "revoke").contains(words.get(1))) {
      out.println(USAGE);
      return 1;
    }
    String[] settings =
        Arrays.stream(arguments).filter(word -> word.startsWith("--")).toArray(String[]::new);
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Parts.class)
            .web(WebApplicationType.NONE)
            .profiles(PROFILE)
            .properties("spring.main.banner-mode=off", "logging.level.root=warn")
            .run(settings)) {
      return switch (words.get(1)) {
        case "create" -> create(context, out);
        case "list" -> list(context, out);
        default -> revoke(context, out);
      };
    } catch (Problem e) {
      out.println(e.getBody().getDetail());
      return 1;
    }
  }

  private static int create(ConfigurableApplicationContext context, PrintStream out) {
    MakeKey.Wish wish =
        new MakeKey.Wish(
            Optional.ofNullable(option(context, "name")).orElse(""),
            options(context, "scopes"),
            options(context, "watch"),
            options(context, "publish"),
            option(context, "expires-at"));
    MakeKey.Made made = context.getBean(MakeKey.class).make(wish, "command");
    context
        .getBean(AuditLog.class)
        .byCommand("key-made", "made", made.key().id(), made.key().name());
    out.println(made.text());
    return 0;
  }

  private static int list(ConfigurableApplicationContext context, PrintStream out) {
    for (ApiKey key : context.getBean(KeyStore.class).all()) {
      out.printf(
          "%s  %s  scopes=%s  last-used=%s  expires=%s%n",
          key.id(),
          key.name(),
          String.join(",", key.rights().scopeTexts()),
          shown(key.lastUsedAt()),
          shown(key.expiresAt()));
    }
    return 0;
  }

  private static int revoke(ConfigurableApplicationContext context, PrintStream out) {
    String id = Optional.ofNullable(option(context, "id")).orElse("");
    if (!context.getBean(KeyStore.class).revoke(id, Instant.now())) {
      out.println("No active key has this ID.");
      return 1;
    }
    context.getBean(AuditLog.class).byCommand("key-revoked", "revoked", id, "");
    out.println("revoked " + id);
    return 0;
  }

  private static String shown(@Nullable Instant time) {
    return time == null ? "never" : time.toString();
  }

  private static @Nullable String option(ConfigurableApplicationContext context, String name) {
    return context.getEnvironment().getProperty(name);
  }

  private static List<String> options(ConfigurableApplicationContext context, String name) {
    String value = option(context, name);
    return value == null ? List.of() : List.of(value.split(","));
  }
}
