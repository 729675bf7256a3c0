package dev.waybill.product;

import tools.jackson.core.io.JsonStringEncoder;

/** Writes the members of a JSON object whose values are strings. */
final class JsonMembers {

  private JsonMembers() {}

  /** Returns the quoted name of a member, followed by a colon. */
  static String name(String name) {
    StringBuilder member = new StringBuilder(name.length() + 3);
    quoted(member, name);
    return member.append(':').toString();
  }

  static void append(StringBuilder object, String memberName, String value) {
    quoted(separate(object).append(memberName), value);
  }

  static void appendNull(StringBuilder object, String memberName) {
    separate(object).append(memberName).append("null");
  }

  private static StringBuilder separate(StringBuilder object) {
    return object.length() > 1 ? object.append(',') : object;
  }

  private static void quoted(StringBuilder json, String text) {
    json.append('"');
    // Nearly no text needs an escape, and the encoder takes several times as long.
    if (isPlain(text)) {
      json.append(text);
    } else {
      JsonStringEncoder.getInstance().quoteAsString(text, json);
    }
    json.append('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
