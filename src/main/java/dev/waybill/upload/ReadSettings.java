package dev.waybill.upload;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads settings from a JSON object in the body of a request. The answer to a mistake has the
 * status 400. The answer to a body that is too large has the status 413.
 */
@Component
@RequiredArgsConstructor
class ReadSettings {

  static final String MAPPING = "mapping";

  private static final int MOST_BYTES = 256 << 10;
  private static final int LONGEST_VALUE = 1000;

  /** The settings that determine which columns Waybill finds in the file. */
  private static final Set<String> CHANGE_COLUMNS = Set.of("delimiter", "headerLine", "sheet");

  private final JsonMapper json;

  /**
   * The content of a body.
   *
   * @param settings the settings in the body; if the body sets a parameter to null, its list of
   *     values is empty
   * @param clearsColumns whether these settings remove all earlier uses of columns
   * @param others the other properties of the body
   */
  record Read(Settings settings, boolean clearsColumns, Map<String, JsonNode> others) {

    @Nullable String text(String name) {
      JsonNode value = others.get(name);
      if (value == null || value.isNull()) {
        return null;
      }
      if (!value.isString() || value.asString().length() > LONGEST_VALUE) {
        throw Problem.parameter(
            "%s must be a text of at most %d characters.".formatted(name, LONGEST_VALUE));
      }
      return value.asString();
    }

    /**
     * Combines these settings with earlier settings. If both contain a setting, the setting of this
     * object applies.
     */
    Settings over(Settings before) {
      return (clearsColumns ? before.withoutColumns() : before).with(settings);
    }
  }

  /**
   * @param others the names of the properties that the body may contain in addition to settings
   */
  Read read(HttpServletRequest request, Set<String> others) throws IOException {
    JsonNode root = parse(request);
    Map<String, List<String>> values = new LinkedHashMap<>();
    Map<String, JsonNode> beside = new LinkedHashMap<>();
    for (String name : root.propertyNames()) {
      if (Settings.OF_THE_FILE.contains(name)) {
        values.put(name, value(name, root.get(name)));
      } else if (others.contains(name)) {
        beside.put(name, root.get(name));
      } else if (!name.equals(MAPPING)) {
        Set<String> known = new TreeSet<>(Settings.OF_THE_FILE);
        known.addAll(others);
        known.add(MAPPING);
        throw Problem.parameter(
            "The body has an unknown property. Known are: %s.".formatted(String.join(", ", known)));
      }
    }
    JsonNode mapping = root.get(MAPPING);
    Map<Integer, String> columns = new LinkedHashMap<>();
    if (mapping != null && !mapping.isNull()) {
      List<String> pairs = mapping(mapping, columns);
      if (!pairs.isEmpty()) {
        values.put(Settings.MAP, pairs);
      }
    }
    boolean clears =
        mapping == null
            ? values.keySet().stream().anyMatch(CHANGE_COLUMNS::contains)
            : mapping.isNull();
    return new Read(new Settings(values, columns), clears, beside);
  }

  private JsonNode parse(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "too-large",
          "The body is too large",
          "At most %d bytes are taken here.".formatted(MOST_BYTES));
    }
    JsonNode root;
    try {
      root = json.readTree(body);
    } catch (JacksonException e) {
      throw Problem.parameter("The body is not JSON.");
    }
    if (root == null || !root.isObject()) {
      throw Problem.parameter("The body must be a JSON object.");
    }
    return root;
  }

  private static List<String> value(String name, JsonNode value) {
    if (value.isNull()) {
      return List.of();
    }
    boolean single = value.isString() || value.isIntegralNumber();
    if (!single || value.asString().length() > LONGEST_VALUE) {
      throw Problem.parameter(
          "%s must be a text or a whole number, or null to remove it.".formatted(name));
    }
    return List.of(value.asString());
  }

  /**
   * Splits a mapping into two parts. Uses of columns that are identified by number are added to
   * {@code columns}. Uses of columns that are identified by header are returned.
   */
  private static List<String> mapping(JsonNode mapping, Map<Integer, String> columns) {
    if (!mapping.isArray() || mapping.size() > FileCheck.MOST_COLUMNS) {
      throw Problem.parameter(
          "mapping must be a list of at most %d columns.".formatted(FileCheck.MOST_COLUMNS));
    }
    List<String> pairs = new ArrayList<>();
    for (JsonNode each : mapping) {
      JsonNode column = each.get("column");
      JsonNode header = each.get("header");
      JsonNode field = each.get("field");
      boolean byNumber =
          column != null
              && column.isIntegralNumber()
              && column.canConvertToInt()
              && column.asInt() >= 1
              && column.asInt() <= FileCheck.MOST_COLUMNS;
      boolean byName =
          header != null
              && header.isString()
              && !header.asString().isBlank()
              && header.asString().length() <= LONGEST_VALUE;
      boolean hasField =
          field != null
              && (field.isNull() || field.isString() && field.asString().length() <= LONGEST_VALUE);
      if (!hasField || each.size() != 2 || byNumber == byName) {
        throw Problem.parameter(
            "mapping must be a list such as [{\"column\":3,\"field\":\"price\"}]. Columns count"
                + " from 1, or are named by \"header\". The field null keeps the column as an"
                + " attribute, and \"-\" leaves it out.");
      }
      String use = field.isNull() ? "" : field.asString();
      if (byName) {
        pairs.add(header.asString() + ":" + use);
      } else if (columns.put(column.asInt(), use) != null) {
        throw Problem.parameter("mapping names the column %d twice.".formatted(column.asInt()));
      }
    }
    return pairs;
  }
}
