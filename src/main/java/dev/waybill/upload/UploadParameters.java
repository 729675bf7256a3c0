package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.DeclaredCharset;
import dev.waybill.csv.Delimiter;
import dev.waybill.csv.Shape.Escape;
import dev.waybill.csvimport.ImportWishes;
import dev.waybill.problem.Problem;
import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.NumberFormat.Decimal;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of an upload.
 *
 * @param charset null to detect it
 * @param delimiter null to detect it
 * @param headerLine the line of the header; 0 to find it
 * @param escape null to detect it
 * @param mapping what each named column is used for, from {@code map}
 * @param decimal the sign before the decimal places, from {@code decimal}; null to find it
 * @param keepBlank whether a blank cell leaves a stored value alone, from {@code blank}
 * @param dropBadCells whether a bad optional cell is left out, from {@code badCell}
 * @param fileName as sent, or null
 * @param callbackUrl where the end of the job is posted, or null; not checked yet
 */
record UploadParameters(
    @Nullable Charset charset,
    @Nullable Delimiter delimiter,
    int headerLine,
    @Nullable Escape escape,
    Map<String, ColumnUse> mapping,
    @Nullable Decimal decimal,
    boolean keepBlank,
    boolean dropBadCells,
    boolean dryRun,
    @Nullable String fileName,
    @Nullable String callbackUrl) {

  /** {@code map=} parameters of one upload. */
  static final int MOST_MAPPINGS = 100;

  /** Characters of a sent value that an answer repeats. */
  private static final int LONGEST_SHOWN = 100;

  /**
   * Parses the query here, because {@code getParameter} of the container may read the body.
   *
   * @throws Problem 400 {@code parameter}
   */
  static UploadParameters parse(@Nullable String query) {
    Map<String, List<String>> values = decode(query);
    return new UploadParameters(
        charset(single(values, "charset")),
        delimiter(single(values, "delimiter")),
        headerLine(single(values, "headerLine")),
        escape(single(values, "escape")),
        mapping(values.getOrDefault("map", List.of())),
        decimal(single(values, "decimal")),
        choice(values, "blank", "clear", "keep"),
        choice(values, "badCell", "reject", "drop"),
        dryRun(single(values, "dryRun")),
        single(values, "fileName"),
        single(values, "callbackUrl"));
  }

  /** What they say about the content of the file. */
  ImportWishes wishes() {
    return new ImportWishes(mapping, decimal, keepBlank, dropBadCells);
  }

  /** The same text for queries with the same meaning, whatever their order and spelling. */
  String canonical() {
    return "charset=%s&delimiter=%s&headerLine=%d&escape=%s&decimal=%s&blank=%s&badCell=%s&dryRun=%s&fileName=%s&map=%s%s"
        .formatted(
            charset,
            delimiter == null ? null : delimiter.word(),
            headerLine,
            escape,
            decimal,
            keepBlank,
            dropBadCells,
            dryRun,
            fileName,
            new TreeMap<>(mapping),
            // Left out where it is not given: keys of an earlier version stay valid.
            callbackUrl == null ? "" : "&callbackUrl=" + callbackUrl);
  }

  private static Map<String, List<String>> decode(@Nullable String query) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (query == null) {
      return values;
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    return values;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.parameter(
          "The query is not correctly percent-encoded at \"" + shown(text) + "\".");
    }
  }

  private static String shown(String value) {
    return value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…";
  }

  private static @Nullable String single(Map<String, List<String>> values, String name) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      throw Problem.parameter("\"%s\" stands %d times.".formatted(name, given.size()));
    }
    return given.isEmpty() ? null : given.getFirst();
  }

  private static @Nullable Charset charset(@Nullable String name) {
    return name == null
        ? null
        : DeclaredCharset.named(name)
            .orElseThrow(
                () ->
                    Problem.parameter(
                        "charset=%s is not a known charset; UTF-8 and windows-1252, for example, are."
                            .formatted(shown(name))));
  }

  private static @Nullable Delimiter delimiter(@Nullable String word) {
    return word == null
        ? null
        : Delimiter.named(word)
            .orElseThrow(
                () ->
                    Problem.parameter(
                        "delimiter=%s is none of comma, semicolon, tab and pipe, and no single character that can separate cells."
                            .formatted(shown(word))));
  }

  private static int headerLine(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    if (!value.matches("[1-9][0-9]{0,3}") || Integer.parseInt(value) > FileCheck.MOST_LINES) {
      throw Problem.parameter(
          "headerLine=%s is no line number from 1 to %d."
              .formatted(shown(value), FileCheck.MOST_LINES));
    }
    return Integer.parseInt(value);
  }

  private static @Nullable Escape escape(@Nullable String value) {
    return switch (value) {
      case null -> null;
      case "backslash" -> Escape.BACKSLASH;
      case "none" -> Escape.NONE;
      default ->
          throw Problem.parameter(
              "escape=%s is neither backslash nor none.".formatted(shown(value)));
    };
  }

  private static boolean dryRun(@Nullable String value) {
    return switch (value) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Problem.parameter("dryRun=%s is neither true nor false.".formatted(shown(value)));
    };
  }

  private static @Nullable Decimal decimal(@Nullable String value) {
    return switch (value) {
      case null -> null;
      case "point" -> Decimal.POINT;
      case "comma" -> Decimal.COMMA;
      default ->
          throw Problem.parameter("decimal=%s is neither point nor comma.".formatted(shown(value)));
    };
  }

  /** Whether the second of two values was given; the first is the default. */
  private static boolean choice(
      Map<String, List<String>> values, String name, String usual, String other) {
    String value = single(values, name);
    if (value != null && !value.equals(usual) && !value.equals(other)) {
      throw Problem.parameter(
          "%s=%s is neither %s nor %s.".formatted(name, shown(value), usual, other));
    }
    return other.equals(value);
  }

  private static Map<String, ColumnUse> mapping(List<String> pairs) {
    Map<String, ColumnUse> mapping = new LinkedHashMap<>();
    if (pairs.size() > MOST_MAPPINGS) {
      throw Problem.parameter("map stands more than %d times.".formatted(MOST_MAPPINGS));
    }
    for (String pair : pairs) {
      // A header may contain colons, a field does not.
      int colon = pair.lastIndexOf(':');
      String header = colon < 0 ? "" : pair.substring(0, colon).strip();
      if (header.isEmpty()) {
        throw Problem.parameter("map=%s has not the form <header>:<field>.".formatted(shown(pair)));
      }
      if (mapping.putIfAbsent(header, use(pair, pair.substring(colon + 1).strip())) != null) {
        throw Problem.parameter("map names the header \"%s\" twice.".formatted(shown(header)));
      }
    }
    return mapping;
  }

  private static ColumnUse use(String pair, String wanted) {
    return switch (wanted) {
      case "" -> ColumnUse.ATTRIBUTE;
      case "-" -> ColumnUse.IGNORED;
      default ->
          Field.named(wanted)
              .map(ColumnUse.AsField::new)
              .orElseThrow(
                  () ->
                      Problem.parameter(
                          "map=%s: \"%s\" is none of the fields %s."
                              .formatted(
                                  shown(pair),
                                  shown(wanted),
                                  Arrays.stream(Field.values())
                                      .map(Field::column)
                                      .collect(Collectors.joining(", ")))));
    };
  }
}
