package dev.waybill.upload;

import static dev.waybill.upload.Settings.shown;

import dev.waybill.csv.DeclaredCharset;
import dev.waybill.csv.Delimiter;
import dev.waybill.csv.Shape.Escape;
import dev.waybill.csvimport.ImportPolicy;
import dev.waybill.csvimport.ImportWishes;
import dev.waybill.problem.Problem;
import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.NumberFormat;
import dev.waybill.product.NumberFormat.Decimal;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of an upload.
 *
 * @param charset the charset; null to detect it
 * @param delimiter the delimiter; null to detect it
 * @param headerLine the number of the line with the header; 0 to detect it
 * @param escape the escape mode; null to detect it
 * @param mapping the use of each column that {@code map} names
 * @param columns the use of columns by their index, from 0; only a preview has such settings
 * @param inherited the use of columns in the import whose rejected rows the file repairs
 * @param numbers the number formats with which the same import read prices and quantities
 * @param decimal the decimal separator, from {@code decimal}; null to detect it
 * @param keepBlank whether a blank cell leaves the stored value unchanged, from {@code blank}
 * @param dropBadCells whether an invalid cell of an optional field is ignored, from {@code badCell}
 * @param policy the treatment of rejected rows, from {@code onError} and {@code maxErrors}, and the
 *     choice of the rows that are imported, from {@code mode}
 * @param preview whether the file is only shown instead of imported
 * @param profile the name of the profile whose settings are the basis, or null
 * @param fileName the file name as it was sent, or null
 * @param callbackUrl the URL to which the end of the job will be posted, or null; not checked yet
 * @param parent the transaction ID of the import whose rejected rows the file repairs, or null
 * @param sheet a sheet of a workbook, by its name or its number from 1; null for the first sheet
 *     that is not hidden
 */
record UploadParameters(
    @Nullable Charset charset,
    @Nullable Delimiter delimiter,
    int headerLine,
    @Nullable Escape escape,
    Map<String, ColumnUse> mapping,
    Map<Integer, ColumnUse> columns,
    Map<String, ColumnUse> inherited,
    Map<Field, NumberFormat> numbers,
    @Nullable Decimal decimal,
    boolean keepBlank,
    boolean dropBadCells,
    ImportPolicy policy,
    boolean dryRun,
    boolean preview,
    @Nullable String profile,
    @Nullable String fileName,
    @Nullable String callbackUrl,
    @Nullable String parent,
    @Nullable String sheet) {

  /** Matches a value of {@code maxErrors}: a number of at most 12 digits. */
  private static final Pattern COUNT = Pattern.compile("\\d{1,12}");

  /**
   * Reads the query of an upload.
   *
   * @throws Problem 400 {@code parameter}
   */
  static UploadParameters parse(@Nullable String query) {
    return of(Settings.ofQuery(query));
  }

  /**
   * Checks settings and converts them to parameters.
   *
   * @throws Problem 400 {@code parameter}
   */
  static UploadParameters of(Settings values) {
    return new UploadParameters(
        charset(values.single("charset")),
        delimiter(values.single("delimiter")),
        headerLine(values.single("headerLine")),
        escape(values.single("escape")),
        mapping(values.all(Settings.MAP)),
        columns(values.columns()),
        inherited(values.inherited()),
        values.numbers(),
        decimal(values.single(Settings.DECIMAL)),
        choice(values, "blank", "clear", "keep"),
        choice(values, "badCell", "reject", "drop"),
        policy(values),
        bool(values, "dryRun"),
        bool(values, "preview"),
        values.single(Settings.PROFILE),
        values.single("fileName"),
        values.single("callbackUrl"),
        values.single(Settings.PARENT),
        sheet(values.single("sheet")));
  }

  /** The subset of the parameters that concerns the content of the file. */
  ImportWishes wishes() {
    return new ImportWishes(mapping, columns, inherited, numbers, decimal, keepBlank, dropBadCells);
  }

  /**
   * A canonical text of the parameters. Two queries with the same meaning have the same text, even
   * if their order or spelling differs.
   */
  String canonical() {
    return "charset=%s&delimiter=%s&headerLine=%d&escape=%s&decimal=%s&blank=%s&badCell=%s&dryRun=%s&fileName=%s&map=%s"
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
                new TreeMap<>(mapping))
        // If the parameter is absent, adds nothing to the text, so that idempotency keys that an
        // earlier version has stored stay valid.
        + (callbackUrl == null ? "" : "&callbackUrl=" + callbackUrl)
        + (parent == null ? "" : "&parent=" + parent)
        + (sheet == null ? "" : "&sheet=" + sheet)
        + (policy.equals(ImportPolicy.USUAL) ? "" : "&policy=" + policy)
        + (preview ? "&preview=true" : "")
        + (profile == null ? "" : "&profile=" + profile);
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
                        "delimiter=%s is not comma, semicolon, tab or pipe, and not a single character that can separate cells."
                            .formatted(shown(word))));
  }

  private static @Nullable String sheet(@Nullable String value) {
    if (value != null && value.isBlank()) {
      throw Problem.parameter(
          "sheet is empty. It takes the name of a sheet, or its number from 1.");
    }
    return value;
  }

  private static int headerLine(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    if (!value.matches("[1-9][0-9]{0,3}") || Integer.parseInt(value) > FileCheck.MOST_LINES) {
      throw Problem.parameter(
          "headerLine=%s is not a line number from 1 to %d."
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

  static boolean bool(Settings values, String name) {
    String value = values.single(name);
    return switch (value) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Problem.parameter("%s=%s is neither true nor false.".formatted(name, shown(value)));
    };
  }

  private static ImportPolicy policy(Settings values) {
    String most = values.single("maxErrors");
    if (most != null && !COUNT.matcher(most).matches()) {
      throw Problem.parameter(
          "maxErrors=%s is not a whole number from 0 to 999999999999.".formatted(shown(most)));
    }
    return new ImportPolicy(
        oneOf(values, "onError", ImportPolicy.OnError.class, ImportPolicy.OnError.SKIP),
        most == null ? null : Long.valueOf(most),
        oneOf(values, "mode", ImportPolicy.Mode.class, ImportPolicy.Mode.UPSERT));
  }

  private static <E extends Enum<E>> E oneOf(
      Settings values, String name, Class<E> choices, E usual) {
    String value = values.single(name);
    return value == null
        ? usual
        : ImportPolicy.named(choices, value)
            .orElseThrow(
                () ->
                    Problem.parameter(
                        "%s=%s is not one of %s."
                            .formatted(name, shown(value), ImportPolicy.names(choices))));
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

  /**
   * Whether a parameter with two possible values has the value {@code other}. The value {@code
   * usual} is the default.
   */
  private static boolean choice(Settings values, String name, String usual, String other) {
    String value = values.single(name);
    if (value != null && !value.equals(usual) && !value.equals(other)) {
      throw Problem.parameter(
          "%s=%s is neither %s nor %s.".formatted(name, shown(value), usual, other));
    }
    return other.equals(value);
  }

  private static Map<String, ColumnUse> mapping(List<String> pairs) {
    Map<String, ColumnUse> mapping = new LinkedHashMap<>();
    for (String pair : pairs) {
      // A header may contain colons, but a field does not.
      int colon = pair.lastIndexOf(':');
      String header = colon < 0 ? "" : pair.substring(0, colon).strip();
      if (header.isEmpty()) {
        throw Problem.parameter(
            "map=%s does not have the form <header>:<field>.".formatted(shown(pair)));
      }
      if (mapping.putIfAbsent(header, use(pair, pair.substring(colon + 1).strip())) != null) {
        throw Problem.parameter("map names the header \"%s\" twice.".formatted(shown(header)));
      }
    }
    return mapping;
  }

  private static Map<Integer, ColumnUse> columns(Map<Integer, String> numbered) {
    Map<Integer, ColumnUse> columns = new LinkedHashMap<>();
    numbered.forEach(
        (number, wanted) ->
            columns.put(number - 1, use("column %d:%s".formatted(number, wanted), wanted)));
    return columns;
  }

  private static Map<String, ColumnUse> inherited(Map<String, String> named) {
    Map<String, ColumnUse> columns = new LinkedHashMap<>();
    named.forEach((name, wanted) -> columns.put(name, use(name + ":" + wanted, wanted)));
    return columns;
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
                          "map=%s: \"%s\" is not one of the fields %s."
                              .formatted(
                                  shown(pair),
                                  shown(wanted),
                                  Arrays.stream(Field.values())
                                      .map(Field::column)
                                      .collect(Collectors.joining(", ")))));
    };
  }
}
