package dev.waybill.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern for the names of the streams that a credential may use.
 *
 * @param text one name such as {@code job:42}; or a prefix of names that ends in {@code :}, {@code
 *     -} or {@code .} and is followed by {@code *}, such as {@code user-42-*}
 */
record NamePattern(String text) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~:@-]{1,200}");
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9._~:@-]{1,200}|[A-Za-z0-9._~:@-]{0,198}[:.-]\\*");

  static Optional<NamePattern> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new NamePattern(text)) : Optional.empty();
  }

  /** Whether a text can be the name of a stream. A pattern never matches any other text. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  boolean matches(String name) {
    if (!isName(name)) {
      return false;
    }
    return text.endsWith("*")
        ? name.startsWith(text.substring(0, text.length() - 1))
        : name.equals(text);
  }
}
