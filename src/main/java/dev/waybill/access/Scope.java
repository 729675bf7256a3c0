package dev.waybill.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A group of calls that a credential allows. */
public enum Scope {
  /** Calls about uploads, previews, profiles and jobs. */
  UPLOAD,
  /** Publishing to streams and closing them, limited to patterns of names. */
  PUBLISH,
  /** Watching streams and reading their history, limited to patterns of names. */
  WATCH,
  /** Reading products. */
  PRODUCTS,
  /** Deleting products. */
  PRODUCTS_WRITE,
  /**
   * Managing keys and emitters (the connections of watching clients), listing streams, and access
   * to everything that any caller owns.
   */
  ADMIN;

  /** The scope's name in requests and tokens, such as {@code products:write}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  static Optional<Scope> parse(String text) {
    return Stream.of(values()).filter(scope -> scope.text().equals(text)).findFirst();
  }
}
