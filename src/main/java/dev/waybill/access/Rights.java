package dev.waybill.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rights that a credential grants.
 *
 * @param watch the streams for which the scope {@code watch} is granted
 * @param publish the streams for which the scope {@code publish} is granted
 */
record Rights(Set<Scope> scopes, List<NamePattern> watch, List<NamePattern> publish) {

  static final Rights NONE = new Rights(Set.of(), List.of(), List.of());
  static final Rights ALL =
      new Rights(Set.copyOf(EnumSet.allOf(Scope.class)), List.of(), List.of());

  /** Whether the scope is included. {@code admin} includes every scope. */
  boolean has(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }

  boolean isAdmin() {
    return scopes.contains(Scope.ADMIN);
  }

  boolean mayWatch(String name) {
    return isAdmin() || (scopes.contains(Scope.WATCH) && matches(watch, name));
  }

  boolean mayPublish(String name) {
    return isAdmin() || (scopes.contains(Scope.PUBLISH) && matches(publish, name));
  }

  private static boolean matches(List<NamePattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }

  /**
   * Joins texts into one line, separated by spaces. The database stores scopes and patterns in this
   * form. No scope or pattern contains a space.
   */
  static String join(Collection<String> texts) {
    return String.join(" ", texts);
  }

  List<String> scopeTexts() {
    return scopes.stream().sorted().map(Scope::text).toList();
  }

  List<String> watchTexts() {
    return watch.stream().map(NamePattern::text).toList();
  }

  List<String> publishTexts() {
    return publish.stream().map(NamePattern::text).toList();
  }

  /**
   * Reads lines that {@link #join} made. A scope that only a newer version knows gives no rights
   * here.
   */
  static Rights stored(String scopes, String watch, String publish) {
    return new Rights(
        words(scopes).map(Scope::parse).flatMap(Optional::stream).collect(Collectors.toSet()),
        words(watch).map(NamePattern::parse).flatMap(Optional::stream).toList(),
        words(publish).map(NamePattern::parse).flatMap(Optional::stream).toList());
  }

  private static Stream<String> words(String line) {
    return Stream.of(line.split(" ")).filter(word -> !word.isEmpty());
  }
}
