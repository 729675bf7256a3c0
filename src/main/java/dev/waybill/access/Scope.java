package dev.waybill.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A group of calls that a credential may make. */
public enum Scope {
  /** Uploads, previews, profiles and jobs. */
  UPLOAD,
  /** Publishing to streams and closing them, within patterns. */
  PUBLISH,
  /** Watching streams and reading their history, within patterns. */
  WATCH,
  /** Reading products. */
  PRODUCTS,
  /** Deleting products. */
  PRODUCTS_WRITE,
  /** Keys, emitters, lists of streams, and everything of every caller. */
  ADMIN;

  /** The name in requests and tokens, such as {@code products:write}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  static Optional<Scope> parse(String text) {
    return Stream.of(values()).filter(scope -> scope.text().equals(text)).findFirst();
  }
}
