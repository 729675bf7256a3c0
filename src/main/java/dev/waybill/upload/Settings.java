package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.problem.Problem;
import dev.waybill.product.Field;
import dev.waybill.product.NumberFormat;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a caller requests, in the form of the query parameters of an upload. A preview
 * and a profile store the settings in this form.
 *
 * @param values the values of each parameter; {@code map} may have several values
 * @param columns the use of columns by column number, from 1; the uses are written like the values
 *     of {@code map=}
 * @param inherited the use of columns by name, from the import that {@code parent=} names. If the
 *     file does not have a column, its use is ignored. The other settings take precedence
 * @param numbers the number formats with which the import of {@code parent=} read prices and
 *     quantities; the setting {@code decimal} takes precedence
 */
record Settings(
    Map<String, List<String>> values,
    Map<Integer, String> columns,
    Map<String, String> inherited,
    Map<Field, NumberFormat> numbers) {

  static final Settings NONE = new Settings(Map.of(), Map.of());

  /** The parameter that assigns a field to a column. A request may repeat this parameter. */
  static final String MAP = "map";

  static final String DECIMAL = "decimal";

  static final String PROFILE = "profile";

  /** The parameter that names the import whose rejected rows a file repairs. */
  static final String PARENT = "parent";

  /** The maximum number of {@code map=} parameters of one request. */
  static final int MOST_MAPPINGS = 100;

  /**
   * Settings that remove the names of the profile and of the import from which other settings came.
   * These settings are applied with {@link #with}.
   */
  static final Settings WITHOUT_ORIGIN =
      new Settings(Map.of(PROFILE, List.of(), PARENT, List.of()), Map.of());

  /** The parameters that determine how a file is read and how its rows are imported. */
  static final Set<String> OF_THE_FILE =
      Set.of(
          "charset",
          "delimiter",
          "headerLine",
          "sheet",
          "escape",
          DECIMAL,
          "blank",
          "badCell",
          "onError",
          "maxErrors",
          "mode");

  /** The maximum number of characters of a sent value that an answer quotes. */
  private static final int LONGEST_SHOWN = 100;

  Settings {
    values = new TreeMap<>(values);
    columns = new TreeMap<>(columns);
    // Previews that an earlier version has stored contain neither {@code inherited} nor {@code
    // numbers}.
    inherited = inherited == null ? Map.of() : new TreeMap<>(inherited);
    numbers = numbers == null ? Map.of() : new TreeMap<>(numbers);
  }

  Settings(Map<String, List<String>> values, Map<Integer, String> columns) {
    this(values, columns, Map.of(), Map.of());
  }

  /**
   * Parses the query of a request. The method {@code getParameter} of the servlet container is not
   * used, because it may read the body.
   *
   * @throws Problem 400 {@code parameter}
   */
  static Settings ofQuery(@Nullable String query) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (query == null) {
      return NONE;
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    if (values.getOrDefault(MAP, List.of()).size() > MOST_MAPPINGS) {
      throw Problem.parameter("map occurs more than %d times.".formatted(MOST_MAPPINGS));
    }
    return new Settings(values, Map.of());
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.parameter(
          "The query is not correctly percent-encoded at \"" + shown(text) + "\".");
    }
  }

  static String shown(String value) {
    return value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…";
  }

  /**
   * The value of a parameter; null if the parameter is absent.
   *
   * @throws Problem 400 {@code parameter} if the parameter has several values
   */
  @Nullable String single(String name) {
    List<String> given = all(name);
    if (given.size() > 1) {
      throw Problem.parameter(
          "\"%s\" occurs %d times. Send it only once.".formatted(name, given.size()));
    }
    return given.isEmpty() ? null : given.getFirst();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /**
   * Settings that only contain the name of the profile from which other settings come. If the name
   * is null, these settings remove the name.
   */
  static Settings ofProfile(@Nullable String name) {
    return new Settings(Map.of(PROFILE, name == null ? List.of() : List.of(name)), Map.of());
  }

  /**
   * The subset of these settings that determines how a file is read. The subset leaves out settings
   * that concern only a single request.
   */
  Settings ofTheFile() {
    Map<String, List<String>> kept = new TreeMap<>(values);
    kept.keySet()
        .removeIf(
            name -> !OF_THE_FILE.contains(name) && !Set.of(MAP, PROFILE, PARENT).contains(name));
    return new Settings(kept, columns, inherited, numbers);
  }

  /**
   * Combines these settings with later settings, which take precedence. If a later setting assigns
   * a field to a column, the field is removed from all other columns.
   *
   * @param later the later settings; a parameter with an empty list of values is removed
   */
  Settings with(Settings later) {
    Map<String, List<String>> joined = new TreeMap<>(values);
    if (!later.numbers.isEmpty()) {
      joined.remove(DECIMAL);
    }
    later.values.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            joined.remove(name);
          } else if (!name.equals(MAP)) {
            joined.put(name, value);
          }
        });
    Map<String, String> byName = byName(all(MAP));
    Map<Integer, String> byColumn = new TreeMap<>(columns);
    Map<String, String> laterByName = byName(later.all(MAP));
    List<String> taken = new ArrayList<>(laterByName.values());
    taken.addAll(later.columns.values());
    List<Field> fields = taken.stream().map(Field::named).flatMap(Optional::stream).toList();
    byName.values().removeIf(use -> Field.named(use).filter(fields::contains).isPresent());
    byColumn.values().removeIf(use -> Field.named(use).filter(fields::contains).isPresent());
    byName.putAll(laterByName);
    byColumn.putAll(later.columns);
    joined.remove(MAP);
    if (!byName.isEmpty()) {
      List<String> pairs = new ArrayList<>();
      byName.forEach((header, use) -> pairs.add(header + ":" + use));
      joined.put(MAP, pairs);
    }
    return new Settings(
        joined,
        byColumn,
        later.inherited.isEmpty() ? inherited : later.inherited,
        later.numbers.isEmpty() ? numbers : later.numbers);
  }

  /** These settings without the uses of columns. */
  Settings withoutColumns() {
    Map<String, List<String>> others = new TreeMap<>(values);
    others.remove(MAP);
    return new Settings(others, Map.of(), Map.of(), numbers);
  }

  /**
   * Splits each pair into a header and a use, at its last colon. A header may contain colons, but a
   * field does not.
   */
  static Map<String, String> byName(List<String> pairs) {
    Map<String, String> uses = new LinkedHashMap<>();
    for (String pair : pairs) {
      int colon = pair.lastIndexOf(':');
      uses.put(
          colon < 0 ? pair : pair.substring(0, colon), colon < 0 ? "" : pair.substring(colon + 1));
    }
    return uses;
  }
}
