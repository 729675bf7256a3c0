package dev.waybill.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template for a name that is made from a record, such as {@code orders-{key}}.
 *
 * @param parts the pieces of the name, in order
 */
record RecordTemplate(List<Part> parts) {

  private static final Pattern PART =
      Pattern.compile("(?<key>\\{key\\})|\\{header:(?<header>[^{}]{1,100})\\}|(?<text>[^{}]+)");

  /** A piece of the name. */
  sealed interface Part {

    /** A fixed text. */
    record Text(String text) implements Part {}

    /** The record's key. */
    record Key() implements Part {}

    /** The last header of the record that has this name. */
    record Header(String name) implements Part {}
  }

  /**
   * @param setting the name of the setting, for the message of an exception
   * @throws IllegalArgumentException if the text contains a placeholder other than {@code {key}}
   *     and {@code {header:x}}
   */
  static RecordTemplate parse(String setting, String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        throw new IllegalArgumentException(
            "%s is %s, but braces mean {key} or {header:name}".formatted(setting, text));
      }
      String header = matcher.group("header");
      String literal = matcher.group("text");
      parts.add(
          header != null
              ? new Part.Header(header)
              : literal != null ? new Part.Text(literal) : new Part.Key());
      at = matcher.end();
    }
    return new RecordTemplate(List.copyOf(parts));
  }

  /** The name for a record; empty if the record has no value for one of the parts. */
  Optional<String> render(Function<Part, Optional<String>> valueOf) {
    StringBuilder name = new StringBuilder();
    for (Part part : parts) {
      Optional<String> value =
          part instanceof Part.Text(String text) ? Optional.of(text) : valueOf.apply(part);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      name.append(value.get());
    }
    return Optional.of(name.toString());
  }
}
