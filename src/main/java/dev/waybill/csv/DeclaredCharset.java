package dev.waybill.csv;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the charset that a sender names. Accepts the names that people and programs use. */
public final class DeclaredCharset {

  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "ansi", "windows-1252",
          "macintosh", "x-MacRoman",
          "mac", "x-MacRoman",
          "macroman", "x-MacRoman",
          "dos", "IBM850",
          "oem", "IBM850",
          "unicode", "UTF-16LE",
          "utf8-bom", "UTF-8",
          "utf-8-sig", "UTF-8",
          "utf-8-bom", "UTF-8");

  private DeclaredCharset() {}

  /** The charset with this name. Empty if Java does not support the charset. */
  public static Optional<Charset> named(String name) {
    String plain = name.strip();
    String known = OTHER_NAMES.getOrDefault(plain.toLowerCase(Locale.ROOT), plain);
    try {
      return Optional.of(Charset.forName(known));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
