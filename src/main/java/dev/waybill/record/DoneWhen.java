package dev.waybill.record;

import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * The condition under which a record is complete. The condition is true if the value at a JSON
 * pointer is one of the given values.
 */
record DoneWhen(JsonPointer pointer, List<String> values) {

  static DoneWhen parse(String setting, String text) {
    String[] parts = text.split("=", 2);
    List<String> values =
        parts.length < 2
            ? List.of()
            : Arrays.stream(parts[1].split(",")).map(String::strip).toList();
    if (values.isEmpty() || values.contains("") || !parts[0].startsWith("/")) {
      throw new IllegalArgumentException(
          setting + " must be like: /status = DELIVERED, CANCELLED; it is: " + text);
    }
    return new DoneWhen(JsonPointer.compile(parts[0].strip()), values);
  }

  boolean holds(JsonNode record) {
    JsonNode value = record.at(pointer);
    return value.isValueNode() && !value.isNull() && values.contains(value.asString());
  }
}
