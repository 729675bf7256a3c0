package dev.waybill;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * Checks which packages may use which, as the table below says, and some rules for single classes.
 */
class ArchitectureTest {

  private static final String ROOT = "dev.waybill";

  /** Each package, and the other packages that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("event", Set.of()),
          Map.entry("platform", Set.of()),
          Map.entry("problem", Set.of()),
          Map.entry("answer", Set.of("access", "platform", "problem")),
          Map.entry("storage", Set.of("platform")),
          Map.entry("access", Set.of("platform", "problem")),
          Map.entry("http", Set.of("platform", "access", "problem")),
          Map.entry("csv", Set.of()),
          Map.entry("sheet", Set.of("csv", "file")),
          Map.entry("file", Set.of("platform", "storage")),
          Map.entry("product", Set.of("answer", "platform", "problem")),
          Map.entry("job", Set.of("answer", "platform", "event", "problem", "access")),
          Map.entry(
              "csvimport",
              Set.of(
                  "access",
                  "answer",
                  "platform",
                  "event",
                  "job",
                  "file",
                  "csv",
                  "product",
                  "problem")),
          Map.entry(
              "upload",
              Set.of(
                  "answer",
                  "platform",
                  "access",
                  "job",
                  "csvimport",
                  "idempotency",
                  "file",
                  "csv",
                  "sheet",
                  "product",
                  "problem")),
          Map.entry("stream", Set.of("answer", "platform", "http", "event", "problem", "access")),
          Map.entry("idempotency", Set.of("platform", "access", "problem")),
          Map.entry(
              "worker",
              Set.of(
                  "job",
                  "outgoing",
                  "event",
                  "stream",
                  "http",
                  "answer",
                  "access",
                  "idempotency",
                  "storage",
                  "platform",
                  "problem")),
          Map.entry("outgoing", Set.of("event", "platform")),
          Map.entry(
              "webhook",
              Set.of("job", "outgoing", "access", "answer", "event", "platform", "problem")),
          Map.entry("kafka", Set.of("channel", "job", "outgoing", "event", "platform", "problem")),
          Map.entry("record", Set.of("platform", "stream", "event", "problem")),
          Map.entry("cluster", Set.of("access", "platform", "stream", "event", "problem")),
          Map.entry("channel", Set.of("answer", "platform", "event", "problem", "access")),
          Map.entry("web", Set.of("platform", "http", "event", "problem", "access")));

  static final Set<String> PACKAGES = MAY_USE.keySet();

  private static JavaClasses classes;
  private static List<SourceFile> sources;

  @BeforeAll
  static void read() throws IOException {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // DoNotIncludeTests recognises only the folders of Maven and similar build tools.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(ROOT);
    sources = SourceFile.under(Path.of("src/main/java"));
  }

  @Test
  void everyClassStandsInAKnownPackage() {
    String[] known =
        Stream.concat(Stream.of(ROOT), PACKAGES.stream().map(ArchitectureTest::named))
            .toArray(String[]::new);

    classes().should().resideInAnyPackage(known).check(classes);
  }

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void aPackageUsesOnlyWhatTheTableAllows(String name) {
    String[] allowed =
        Stream.concat(Stream.of(name), MAY_USE.get(name).stream())
            .map(ArchitectureTest::named)
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(named(name))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void everyPackageSaysWhatLivesThereAndIsNullMarked() {
    assertThat(classes.getPackage(ROOT).getSubpackages())
        .allSatisfy(
            each ->
                assertThat(each.getPackageInfo().isAnnotatedWith(NullMarked.class))
                    .as("%s is @NullMarked", each.getName())
                    .isTrue());
  }

  @Test
  void packagesAreNamedAfterFeatures() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..manager..", "..impl..")
        .check(classes);
  }

  @Test
  void classesAreNamedAfterWhatTheyDo() {
    noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl)").check(classes);
  }

  @Test
  void jobsAndEventsKnowNoKindOfWork() throws IOException {
    Pattern kindOfWork =
        Pattern.compile("(?i)csv|product|reject(?!edexecution)|sku|mapping|\\browsPer");
    for (String name : List.of("job", "event")) {
      try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/waybill", name))) {
        for (Path file : files.toList()) {
          assertThat(Files.readAllLines(file))
              .as("%s", file)
              .noneMatch(
                  line ->
                      !line.startsWith("import org.springframework.web")
                          && !line.contains("@")
                          && kindOfWork.matcher(line).find());
        }
      }
    }
  }

  @Test
  void onlyTheClusterKnowsRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackage(named("cluster"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework.data.redis..", "io.lettuce..")
        .check(classes);
  }

  @Test
  void emittersAreSentToInOneClass() {
    Set<String> senders =
        classes.stream()
            .flatMap(each -> each.getAccessesFromSelf().stream())
            .filter(access -> access.getName().equals("send"))
            .filter(access -> access.getTargetOwner().isAssignableTo(ResponseBodyEmitter.class))
            .map(JavaAccess::getOriginOwner)
            .map(ArchitectureTest::topLevel)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(senders).as("classes that call SseEmitter.send").hasSizeLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"Sqlite,Postgres", "Postgres,Sqlite"})
  void aTableStandsInOneFilePerDatabase(String database, String other) {
    Map<String, Set<String>> filesByTable = new TreeMap<>();
    for (SourceFile file : sources) {
      if (!file.name().startsWith(other)) {
        for (String literal : file.literals()) {
          SqlTables.in(literal)
              .forEach(
                  table ->
                      filesByTable.computeIfAbsent(table, t -> new TreeSet<>()).add(file.name()));
        }
      }
    }

    assertThat(filesByTable)
        .allSatisfy(
            (table, files) ->
                assertThat(files).as("files that name the table %s", table).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"}:events", "}:emitters", "}:pods", "waybill:pod:"})
  void aRedisKeyStandsInOneFile(String key) {
    assertThat(sources)
        .filteredOn(file -> file.literals().stream().anyMatch(text -> text.contains(key)))
        .as("files that name the key %s", key)
        .hasSizeLessThanOrEqualTo(1);
  }

  /** {@code platform.ScopedLock} explains why the code has no monitors. */
  @Test
  void noMethodOrBlockIsSynchronized() {
    assertThat(sources)
        .isNotEmpty()
        .filteredOn(SourceFile::isSynchronized)
        .extracting(SourceFile::name)
        .isEmpty();
  }

  @Test
  void everyPublicTypeHasJavadoc() {
    assertThat(sources).isNotEmpty().flatExtracting(SourceFile::publicWithoutJavadoc).isEmpty();
  }

  private static String named(String name) {
    return ROOT + "." + name + "..";
  }

  private static String topLevel(JavaClass any) {
    JavaClass outer = any;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.getName();
  }

  /** Finds the names of the project's tables in a string literal that may contain SQL. */
  private static final class SqlTables {

    private static final String TABLES =
        "(product|job|import_job|external_job|external_output|journal|rejection|idempotency_key|scheduled_tasks|upload_folder)";

    // In capitals only: a message in English may contain words such as "from job 7".
    private static final Pattern NAMED =
        Pattern.compile("\\b(?:FROM|INTO|UPDATE|JOIN|TABLE|COPY)\\s+\"?" + TABLES + "\\b");
    private static final Pattern NAMED_IN_ANY_CASE =
        Pattern.compile(NAMED.pattern(), Pattern.CASE_INSENSITIVE);
    private static final Pattern STATEMENT =
        Pattern.compile(
            "^\\s*(with|select|insert|update|delete|copy)\\b.*\\b(from|into|set|stdin)\\b",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    // These names are no English words, so wherever one occurs, the table is meant.
    private static final Pattern PLAIN =
        Pattern.compile("\\b(idempotency_key|scheduled_tasks|upload_folder)\\b");

    static Set<String> in(String literal) {
      Pattern named = STATEMENT.matcher(literal).find() ? NAMED_IN_ANY_CASE : NAMED;
      return Stream.concat(named.matcher(literal).results(), PLAIN.matcher(literal).results())
          .map(found -> found.group(1).toLowerCase())
          .collect(Collectors.toSet());
    }
  }
}
