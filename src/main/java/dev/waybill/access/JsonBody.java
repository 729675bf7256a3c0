package dev.waybill.access;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small JSON object in the body of a request. If the body has a mistake, the answer is a problem
 * with status 400 that names the mistake.
 */
final class JsonBody {

  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_TEXTS = 100;

  private final JsonNode root;

  private JsonBody(JsonNode root) {
    this.root = root;
  }

  /**
   * @param fields the property names that are allowed in the object
   */
  static JsonBody of(HttpServletRequest request, JsonMapper json, Set<String> fields)
      throws IOException {
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "too-large",
          "The body is too large",
          "This call accepts at most %d bytes.".formatted(MOST_BYTES));
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
    for (String name : root.propertyNames()) {
      if (!fields.contains(name)) {
        throw Problem.parameter(
            "The body has an unknown property. Known are: "
                + String.join(", ", fields.stream().sorted().toList()));
      }
    }
    return new JsonBody(root);
  }

  Optional<String> text(String name) {
    JsonNode value = root.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw Problem.parameter(name + " must be a string.");
    }
    return Optional.of(value.asString());
  }

  /** The texts of a list; an empty list if the property is missing. */
  List<String> texts(String name) {
    JsonNode value = root.get(name);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray() || value.size() > MOST_TEXTS) {
      throw Problem.parameter(
          "%s must be a list of at most %d strings.".formatted(name, MOST_TEXTS));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      if (!each.isString()) {
        throw Problem.parameter(name + " must be a list of strings.");
      }
      texts.add(each.asString());
    }
    return texts;
  }
}
