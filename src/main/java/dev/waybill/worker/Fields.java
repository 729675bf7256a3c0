package dev.waybill.worker;

import dev.waybill.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads fields of a JSON object that a client sent. */
final class Fields {

  private Fields() {}

  /** Reads a text; null if the field is missing. {@code longest} is in code points. */
  static @Nullable String string(JsonNode node, String field, int longest) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw Problem.parameter(field + " is a string.");
    }
    String text = value.asString();
    if (text.codePointCount(0, text.length()) > longest) {
      throw Problem.parameter("%s has at most %d characters.".formatted(field, longest));
    }
    if (text.indexOf('\0') >= 0) {
      throw Problem.parameter(field + " contains NUL (U+0000), which cannot be stored.");
    }
    return text;
  }

  /** Reads a whole number of 0 or more; null if the field is missing. */
  static @Nullable Long wholeNumber(JsonNode node, String field, long largest) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < 0
        || value.asLong() > largest) {
      throw Problem.parameter("%s is a whole number from 0 to %d.".formatted(field, largest));
    }
    return value.asLong();
  }
}
