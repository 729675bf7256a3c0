package dev.waybill.product;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads all attributes of a product from one cell of a file that Waybill itself has exported. */
final class AttributesJson {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNameLength(AttributeLimits.MAX_BYTES)
                          .maxStringLength(AttributeLimits.MAX_BYTES)
                          .maxNestingDepth(4)
                          .build())
                  .build())
          .build();

  private AttributesJson() {}

  /**
   * Returns the members of the JSON object by their names. Returns null if the cell is not a JSON
   * object whose values are all scalars.
   */
  static @Nullable Map<String, String> read(String cell) {
    JsonNode object;
    try {
      object = JSON.readTree(cell);
    } catch (JacksonException e) {
      return null;
    }
    if (!object.isObject()) {
      return null;
    }
    Map<String, String> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getValue().isContainer()) {
        return null;
      }
      members.put(member.getKey(), member.getValue().isNull() ? "" : member.getValue().asString());
    }
    return members;
  }
}
