package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csvimport.Counts;
import dev.waybill.csvimport.ImportView;
import dev.waybill.job.JobStatus;
import dev.waybill.product.Product;
import dev.waybill.product.RowError;
import dev.waybill.upload.UploadTestBase;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;

/**
 * Compares {@code openapi.yaml} with the calls in the code and with the records that they return.
 */
class OpenapiTest extends UploadTestBase {

  /**
   * Fields that some jobs lack. For example, jobs in lists have no mapping, and an event leaves out
   * a large mapping and names it in {@code omitted}.
   */
  private static final List<String> LEFT_OUT_OF_SOME_JOBS =
      List.of(
          "queuePosition",
          "phase",
          "dryRunId",
          "parentId",
          "repairedRows",
          "undone",
          "mapping",
          "summary",
          "causes",
          "notices",
          "omitted");

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  private static Map<String, Object> document;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping mappings;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream yaml = OpenapiTest.class.getResourceAsStream("/static/openapi.yaml")) {
      document = new Yaml().load(yaml);
    }
  }

  @Test
  void describesEveryCallAndNoOther() {
    assertThat(described()).isEqualTo(mapped());
  }

  @Test
  void namesTheParametersOfEveryPath() {
    paths()
        .forEach(
            (path, item) -> {
              Set<String> inPath =
                  PARAMETER
                      .matcher(path)
                      .results()
                      .map(found -> found.group(1))
                      .collect(Collectors.toSet());
              assertThat(pathParameters(item)).as(path).isEqualTo(inPath);
            });
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = new ArrayList<>();
    collectReferences(document, references);
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(reference -> assertThat(resolved(reference)).as(reference).isNotNull());
  }

  @Test
  void describesWhatIsAnswered() {
    assertThat(properties("Job")).isEqualTo(components(ImportView.class));
    assertThat(properties("Bytes")).isEqualTo(components(ImportView.Bytes.class));
    assertThat(properties("Links")).isEqualTo(components(ImportView.Links.class));
    List<Object> counts = new ArrayList<>(components(Counts.class));
    counts.add(counts.indexOf("rejected") + 1, "products");
    assertThat(properties("Counts")).isEqualTo(counts);
    assertThat(properties("Product")).isEqualTo(components(Product.class));
    assertThat(properties("RowError")).isEqualTo(components(RowError.class));
    assertThat(list(schema("Status").get("enum")))
        .isEqualTo(Stream.of(JobStatus.values()).map(Enum::name).toList());
  }

  @Test
  void whatIsAlwaysThereIsRequired() {
    for (String name : List.of("Job", "Bytes", "Links", "Counts", "Product", "RowError")) {
      List<Object> always = new ArrayList<>(properties(name));
      if (name.equals("Job")) {
        always.removeAll(LEFT_OUT_OF_SOME_JOBS);
      }
      assertThat(list(schema(name).get("required"))).as(name).isEqualTo(always);
    }
  }

  /** An oversold product has a negative quantity, so no client may refuse one. */
  @Test
  void aQuantityHasTheRangeThatAnImportAccepts() {
    assertThat(schema("Product").get("properties"))
        .extracting("quantity")
        .extracting("minimum", "maximum")
        .containsExactly(-Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private Set<String> mapped() {
    Set<String> calls = new TreeSet<>();
    mappings
        .getHandlerMethods()
        .forEach(
            (info, handler) -> {
              for (String path : info.getPatternValues()) {
                // The error path, to which the container sends failures, has no method and is no
                // call.
                info.getMethodsCondition()
                    .getMethods()
                    .forEach(method -> calls.add(method + " " + path));
              }
            });
    return calls;
  }

  /**
   * The calls in {@code openapi.yaml}, without those of the actuator, whose handlers are not ours.
   */
  private static Set<String> described() {
    Set<String> calls = new TreeSet<>();
    paths()
        .forEach(
            (path, item) -> {
              if (!path.startsWith("/actuator/")) {
                item.keySet().stream()
                    .filter(METHODS::contains)
                    .forEach(method -> calls.add(method.toUpperCase() + " " + path));
              }
            });
    return calls;
  }

  private static Set<String> pathParameters(Map<String, Object> item) {
    Set<String> names = new TreeSet<>();
    List<Object> parameters = new ArrayList<>(list(item.get("parameters")));
    METHODS.stream()
        .filter(item::containsKey)
        .forEach(method -> parameters.addAll(list(map(item.get(method)).get("parameters"))));
    for (Object each : parameters) {
      Object reference = map(each).get("$ref");
      Map<String, Object> parameter = map(reference == null ? each : resolved((String) reference));
      if ("path".equals(parameter.get("in"))) {
        names.add((String) parameter.get("name"));
      }
    }
    return names;
  }

  private static void collectReferences(Object node, Collection<String> references) {
    if (node instanceof Map<?, ?> map) {
      if (map.get("$ref") instanceof String reference) {
        references.add(reference);
      }
      map.values().forEach(value -> collectReferences(value, references));
    } else if (node instanceof List<?> items) {
      items.forEach(item -> collectReferences(item, references));
    }
  }

  private static Object resolved(String reference) {
    assertThat(reference).startsWith("#/");
    Object node = document;
    for (String name : reference.substring(2).split("/")) {
      node = map(node).get(name);
    }
    return node;
  }

  private static Map<String, Map<String, Object>> paths() {
    return map(document.get("paths")).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> map(entry.getValue())));
  }

  private static Map<String, Object> schema(String name) {
    return map(resolved("#/components/schemas/" + name));
  }

  private static List<Object> properties(String schema) {
    return List.copyOf(map(schema(schema).get("properties")).keySet());
  }

  private static List<Object> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .collect(Collectors.toList());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }

  private static List<Object> list(Object node) {
    return node == null ? List.of() : List.copyOf((List<?>) node);
  }
}
