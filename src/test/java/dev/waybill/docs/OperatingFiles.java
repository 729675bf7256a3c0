package dev.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares the queries of the dashboards and alert rules in {@code ops} with the metrics that a
 * running pod has at {@code /actuator/prometheus}.
 */
public final class OperatingFiles {

  private static final Path FOLDER = Path.of("ops");

  /**
   * The name of a pod's metric in a query. Other words of PromQL have no underscore or are followed
   * by "(".
   */
  private static final Pattern METRIC =
      Pattern.compile("\\b([a-z]+(?:_[a-z0-9]+)+)\\b(?!\\s*\\()(?:\\{([^}]*)})?");

  private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on|without) \\(([^)]*)\\)");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)=(~?)\"([^\"]*)\"");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_0-9]+)(?:\\{(.*)})? \\S+$");

  /** Labels that Prometheus adds, and not the pod. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  private OperatingFiles() {}

  /**
   * Fails if a query in the files of this name uses a metric, label or value that the pod does not
   * have.
   */
  public static void assertKnown(String name, String scraped) throws IOException {
    Map<String, Map<String, Set<String>>> metrics = metrics(scraped);
    List<String> queries = new ArrayList<>(alerts(name));
    queries.addAll(panels(name));
    assertThat(queries).hasSizeGreaterThan(5);
    for (String query : queries) {
      assertKnown(query, metrics);
    }
  }

  private static void assertKnown(String query, Map<String, Map<String, Set<String>>> metrics) {
    String bare = GROUPED.matcher(query).replaceAll(" ");
    Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
    labels.add("le");
    List<MatchResult> asked = METRIC.matcher(bare).results().toList();
    for (MatchResult metric : asked) {
      assertThat(metrics.keySet()).as(query).contains(metric.group(1));
      Map<String, Set<String>> known = metrics.get(metric.group(1));
      labels.addAll(known.keySet());
      Matcher matcher = MATCHER.matcher(metric.group(2) == null ? "" : metric.group(2));
      while (matcher.find()) {
        if (!OF_PROMETHEUS.contains(matcher.group(1))) {
          assertThat(known.keySet()).as(query).contains(matcher.group(1));
          assertValues(query, metric.group(1), matcher, known.get(matcher.group(1)));
        }
      }
    }
    for (MatchResult group : GROUPED.matcher(query).results().toList()) {
      assertThat(labels).as(query).contains(group.group(1).split(", "));
    }
  }

  /**
   * Labels for the outcome of requests, whose values depend on earlier requests. Values of all
   * other labels are compared.
   */
  private static void assertValues(
      String query, String metric, Matcher matcher, Set<String> known) {
    if (!metric.startsWith("http_")) {
      String value = matcher.group(3);
      assertThat(known)
          .as(query)
          .contains(matcher.group(2).isEmpty() ? new String[] {value} : value.split("\\|"));
    }
  }

  private static List<String> alerts(String name) throws IOException {
    Map<String, Object> file =
        new Yaml().load(Files.readString(FOLDER.resolve("prometheus/" + name + ".yaml")));
    List<String> queries = new ArrayList<>();
    for (Map<String, Object> group : maps(file.get("groups"))) {
      for (Map<String, Object> rule : maps(group.get("rules"))) {
        assertThat(rule).containsKeys("alert", "expr", "labels", "annotations");
        // Prometheus itself makes the metric "up".
        if (!String.valueOf(rule.get("expr")).startsWith("up{")) {
          queries.add(String.valueOf(rule.get("expr")));
        }
      }
    }
    return queries;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(Object list) {
    return (List<Map<String, Object>>) list;
  }

  private static List<String> panels(String name) throws IOException {
    JsonNode dashboard =
        JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("grafana/" + name + ".json")));
    assertThat(dashboard.get("uid").asString()).isEqualTo(name);
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(target.get("expr").asString());
      }
    }
    return queries;
  }

  /** For each metric, the values of each of its labels. */
  private static Map<String, Map<String, Set<String>>> metrics(String scraped) {
    Map<String, Map<String, Set<String>>> metrics = new HashMap<>();
    SAMPLE
        .matcher(scraped)
        .results()
        .forEach(
            sample -> {
              Map<String, Set<String>> labels =
                  metrics.computeIfAbsent(sample.group(1), _ -> new HashMap<>());
              Matcher label = MATCHER.matcher(sample.group(2) == null ? "" : sample.group(2));
              while (label.find()) {
                labels.computeIfAbsent(label.group(1), _ -> new TreeSet<>()).add(label.group(3));
              }
            });
    return metrics;
  }
}
