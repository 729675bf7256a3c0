package dev.waybill.record;

import java.util.Optional;
import java.util.regex.Pattern;

/** The name of a record: its kind and its key. */
record RecordName(String kind, String key) {

  static final String PREFIX = "record:";

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~@-]{1,100}");

  /** The record whose stream has this name or ID; empty if no record can have such a stream. */
  static Optional<RecordName> parse(String name) {
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] parts = name.substring(PREFIX.length()).split(":", -1);
    return parts.length == 2 && isKey(parts[1])
        ? Optional.of(new RecordName(parts[0], parts[1]))
        : Optional.empty();
  }

  /**
   * Whether a text can be a key. The keys {@code .} and {@code ..} are not allowed, because these
   * two keys would refer to another folder in the path of a URL.
   */
  private static boolean isKey(String text) {
    return KEY.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }

  String streamId() {
    return PREFIX + kind + ":" + key;
  }
}
