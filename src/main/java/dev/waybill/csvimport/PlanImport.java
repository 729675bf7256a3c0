package dev.waybill.csvimport;

import static java.util.stream.Collectors.joining;

import dev.waybill.csv.CsvReader;
import dev.waybill.csv.CsvRecord;
import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.problem.Problem;
import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.HeaderSample;
import dev.waybill.product.MapColumns;
import dev.waybill.product.NumberFormat;
import dev.waybill.product.NumberFormat.Decimal;
import dev.waybill.product.ReadingRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Determines how a new file is read. The plan contains the file's format, the use of its columns
 * and its number formats. The plan is stored with the job, so that each attempt reads the file in
 * the same way.
 */
public final class PlanImport {

  /**
   * The maximum number of bytes of text, and the maximum number of rows, that are read as a sample.
   */
  private static final long MOST_BYTES = 8 << 20;

  private static final int MOST_ROWS = 20_000;

  /**
   * The maximum number of notices about unknown columns. If there are more unknown columns, one of
   * these notices counts the remaining columns.
   */
  private static final int MOST_UNKNOWN = 20;

  private static final int NAMES_SHOWN = 3;

  private final List<String> header;
  private final ImportWishes wishes;
  private final ImportProfile profile;
  private final boolean lenient;
  private final Notices notices = new Notices();
  private @Nullable Problem refusal;

  private final @Nullable TypedNumbers typed;

  private PlanImport(
      List<String> header,
      ImportWishes wishes,
      List<Notice> ofShape,
      boolean lenient,
      @Nullable TypedNumbers typed) {
    this.typed = typed;
    this.header = header;
    this.wishes = wishes;
    this.profile = Profiles.of(header);
    this.lenient = lenient;
    this.notices.addAll(ofShape);
  }

  /**
   * Plans the import of a file.
   *
   * @param reader a reader that is positioned at the first record after the header
   * @param ofShape the notices about the shape of the file
   * @throws Problem 422 {@code mapping}, {@code column-missing} or {@code number-format}
   */
  public static ImportPlan of(CsvReader reader, ImportWishes wishes, List<Notice> ofShape)
      throws IOException {
    return of(reader, wishes, ofShape, null);
  }

  /**
   * Plans the import of a file that may have been converted from a sheet.
   *
   * @param typed the columns that contain numbers; null if these columns are not known
   */
  public static ImportPlan of(
      CsvReader reader, ImportWishes wishes, List<Notice> ofShape, @Nullable TypedNumbers typed)
      throws IOException {
    PlanImport planning =
        new PlanImport(reader.header(), wishes, ofShape, false, ofColumns(reader, typed));
    Map<String, ColumnUse> uses = planning.uses();
    HeaderSample sample = new HeaderSample(planning.header, uses);
    read(reader, sample, _ -> {});
    return planning.plan(uses, sample);
  }

  private static @Nullable TypedNumbers ofColumns(CsvReader reader, @Nullable TypedNumbers typed) {
    return typed == null ? null : typed.ofColumns(reader.unnamedColumns());
  }

  /**
   * Plans as much of the import as the file and the wishes allow, for a user who will complete the
   * settings. Never throws a problem.
   */
  public static PreviewPlan attempt(
      CsvReader reader, ImportWishes wishes, List<Notice> ofShape, @Nullable TypedNumbers typed)
      throws IOException {
    return new PlanImport(reader.header(), wishes, ofShape, true, ofColumns(reader, typed))
        .attempt(reader);
  }

  private ImportPlan plan(Map<String, ColumnUse> uses, HeaderSample sample) {
    MapColumns.Mapped mapped = MapColumns.of(header, uses, sample);
    HeaderMapping mapping = mapped.mapping().with(rules(mapped.mapping(), sample));
    note(mapped);
    return new ImportPlan(profile.format(), mapping, notices.list());
  }

  private PreviewPlan attempt(CsvReader reader) throws IOException {
    ColumnSamples samples = new ColumnSamples(header.size());
    Map<String, ColumnUse> uses = Map.of();
    try {
      uses = uses();
    } catch (Problem beyondTheLastColumn) {
      refuse(beyondTheLastColumn);
    }
    HeaderSample sample = new HeaderSample(header, uses);
    read(reader, sample, samples::add);
    ImportPlan plan = null;
    try {
      plan = plan(uses, sample);
    } catch (Problem aboutTheColumns) {
      refuse(aboutTheColumns);
    }
    List<@Nullable ColumnUse> known = MapColumns.known(header, uses, sample);
    List<PreviewPlan.Column> columns = new ArrayList<>();
    List<String> names = MapColumns.names(header);
    for (int index = 0; index < known.size(); index++) {
      columns.add(
          new PreviewPlan.Column(
              index + 1,
              CutText.to(Notice.LONGEST_TEXT, names.get(index)),
              field(known.get(index)),
              samples.of(index),
              numbers(known.get(index), index, names.get(index), sample)));
    }
    return new PreviewPlan(profile.format(), columns, notices.list(), plan, refusal);
  }

  private static @Nullable String field(@Nullable ColumnUse use) {
    return switch (use) {
      case null -> null;
      case ColumnUse.AsField(Field field) -> field.column();
      case ColumnUse.Attribute _ -> null;
      case ColumnUse.Ignored _ -> NewImport.IGNORED;
    };
  }

  /**
   * The number format of a column. If the file repairs another import, this is the number format of
   * that import. Otherwise it is the format that the first cells of the column show. Null if these
   * cells do not determine the format.
   */
  private @Nullable NumberFormat found(int column, Field field, HeaderSample sample) {
    NumberFormat inherited = wishes.numbers().get(field);
    NumberFormat format = inherited == null ? sample.numbers(column).format() : inherited;
    // A sheet contains the information which cells are numbers. So this information can override
    // the format of the repaired import.
    return typed == null ? format : typed.format(column, format);
  }

  private PreviewPlan.@Nullable ShownNumbers numbers(
      @Nullable ColumnUse use, int index, String name, HeaderSample sample) {
    if (!(use instanceof ColumnUse.AsField(Field field))
        || field != Field.PRICE && field != Field.QUANTITY) {
      return null;
    }
    NumberFormat format =
        wishes.decimal() == null
            ? found(index, field, sample)
            : NumberFormat.requested(wishes.decimal());
    String currency =
        field == Field.PRICE && !profile.isOwn() ? HeaderMapping.currencyCodeOf(name) : null;
    if (format != null) {
      return new PreviewPlan.ShownNumbers(
          format.decimal().name().toLowerCase(Locale.ROOT), null, null, null, currency);
    }
    String cell = Objects.requireNonNull(sample.numbers(index).undecidedCell());
    return new PreviewPlan.ShownNumbers(
        "undecided",
        cell,
        NumberFormat.requested(Decimal.POINT).read(cell),
        NumberFormat.requested(Decimal.COMMA).read(cell),
        currency);
  }

  /**
   * Throws the problem. A plan for a preview only stores the first problem and continues without
   * the refused part.
   */
  private void refuse(Problem problem) {
    if (!lenient) {
      throw problem;
    }
    if (refusal == null) {
      refusal = problem;
    }
  }

  private Map<String, ColumnUse> uses() {
    Map<String, ColumnUse> asked = MapColumns.joined(header, wishes.columns(), wishes.byIndex());
    Map<String, ColumnUse> uses = new LinkedHashMap<>(profile.columns(header));
    uses.keySet().removeIf(name -> header.indexOf(name) != header.lastIndexOf(name));
    Map<String, ColumnUse> inherited = new LinkedHashMap<>(wishes.inherited());
    inherited.keySet().retainAll(MapColumns.names(header));
    uses.putAll(inherited);
    uses = withoutDoubled(uses, inherited);
    uses.putAll(asked);
    return withoutDoubled(uses, asked);
  }

  /** If {@code asked} gives a field to one column, removes the field from all other columns. */
  private static Map<String, ColumnUse> withoutDoubled(
      Map<String, ColumnUse> uses, Map<String, ColumnUse> asked) {
    Map<String, ColumnUse> kept = new LinkedHashMap<>();
    uses.forEach(
        (name, use) -> {
          // Only a field can be taken, because any number of columns may be attributes or ignored.
          boolean taken = use instanceof ColumnUse.AsField && asked.containsValue(use);
          if (asked.containsKey(name) || !taken) {
            kept.put(name, use);
          }
        });
    return kept;
  }

  private static void read(CsvReader reader, HeaderSample sample, Consumer<String[]> rows)
      throws IOException {
    long end = reader.position().offset() + MOST_BYTES;
    CsvRecord record;
    while (sample.rows() < MOST_ROWS
        && reader.position().offset() < end
        && !sample.isEnough()
        && (record = reader.next()) != null) {
      if (record instanceof CsvRecord.Complete complete) {
        sample.add(complete.cells());
        rows.accept(complete.cells());
      } else {
        sample.skip();
      }
    }
  }

  private ReadingRules rules(HeaderMapping mapping, HeaderSample sample) {
    if (profile.isOwn()) {
      return wishes.decimal() == null
          ? ReadingRules.OWN_LISTS
          : ReadingRules.OWN_LISTS.with(NumberFormat.requested(wishes.decimal()));
    }
    int price = mapping.columnOf(Field.PRICE);
    int quantity = mapping.columnOf(Field.QUANTITY);
    String ofHeader = price < 0 ? null : HeaderMapping.currencyOf(mapping.header().get(price));
    return new ReadingRules(
        format(price, Field.PRICE, sample, mapping),
        format(quantity, Field.QUANTITY, sample, mapping),
        wishes.keepBlank(),
        wishes.dropBadCells(),
        false,
        !mapping.has(Field.CURRENCY) && (ofHeader != null || sample.numbers(price).hasCurrency()),
        ofHeader);
  }

  private NumberFormat format(int column, Field field, HeaderSample sample, HeaderMapping mapping) {
    String currency =
        field == Field.PRICE && column >= 0
            ? HeaderMapping.currencyCodeOf(mapping.header().get(column))
            : null;
    NumberFormat format =
        wishes.decimal() != null
            ? NumberFormat.requested(wishes.decimal())
            : column < 0 ? NumberFormat.UNKNOWN : found(column, field, sample);
    if (format == null) {
      refuse(
          undecided(
              mapping.header().get(column),
              Objects.requireNonNull(sample.numbers(column).undecidedCell())));
      format = NumberFormat.UNKNOWN;
    }
    StringJoiner detail = new StringJoiner(" ");
    String how = howRead(field, format);
    if (how != null) {
      detail.add(how);
    }
    if (currency != null) {
      detail.add(inCurrency(currency));
    }
    if (detail.length() > 0) {
      notices.add(
          new Notice(
              "number-format",
              mapping.header().get(column),
              1,
              List.of(),
              detail.toString(),
              null,
              how == null ? null : format.decimal().name().toLowerCase(Locale.ROOT),
              currency));
    }
    return format;
  }

  private static String inCurrency(String currency) {
    return "The header says %s, which is the currency of each price without another one."
        .formatted(currency);
  }

  private @Nullable String howRead(Field field, NumberFormat format) {
    if (format.requested()) {
      return null;
    }
    String shown =
        wishes.numbers().containsKey(field)
            ? "An earlier import has found"
            : "The first cells show";
    return switch (format.decimal()) {
      case COMMA ->
          shown
              + " a decimal comma, so 1.234,50 is read as 1234.5. decimal=point reads it"
              + " otherwise.";
      case MIXED ->
          shown
              + " decimal points and decimal commas. Cells that can be read in two ways are"
              + " rejected; decimal=point or decimal=comma decides.";
      case POINT ->
          format.grouped() || format.threePlaces()
              ? shown
                  + " a decimal point, so 1,234.50 is read as 1234.5. decimal=comma reads it"
                  + " otherwise."
              : null;
      case UNKNOWN -> null;
    };
  }

  private static Problem undecided(String column, String cell) {
    NumberFormat point = NumberFormat.requested(Decimal.POINT);
    NumberFormat comma = NumberFormat.requested(Decimal.COMMA);
    String detail =
        "The numbers in the column “%s” can be read in two ways: “%s” is %s with a decimal point and %s with a decimal comma. Upload the file again with decimal=point or decimal=comma."
            .formatted(shown(column), cell, point.read(cell), comma.read(cell));
    return Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "number-format",
            "The numbers can be read in two ways",
            detail)
        .withErrors(
            List.of(
                Map.of(
                    "column",
                    shown(column),
                    "code",
                    "number-format",
                    "detail",
                    detail,
                    "value",
                    cell)));
  }

  private void note(MapColumns.Mapped mapped) {
    mapped.unread().forEach((field, likely) -> notices.add(unread(field, likely)));
    if (profile instanceof GeneralProfile) {
      noteUnknown(mapped.unknown(), mapped.mapping());
    }
  }

  private static Notice unread(Field field, List<String> likely) {
    String first = likely.getFirst();
    if (field == Field.PRICE && HeaderMapping.isPriceInHundredths(first)) {
      // Uses a separate code for this notice, because a program must not offer this column as the
      // price.
      return new Notice(
          "price-in-cents",
          shown(first),
          1,
          List.of(),
          "No column is read as price. “%1$s” seems to count cents, so 1299 would be stored for 12.99. Convert the column; map=%1$s:price takes its numbers as they are."
              .formatted(shown(first)));
    }
    String detail =
        "No column is read as %s. %s may be it: upload with map=%s:%s."
            .formatted(
                field.column(),
                likely.stream()
                    .limit(NAMES_SHOWN)
                    .map(name -> "“" + shown(name) + "”")
                    .collect(joining(" or ")),
                shown(first),
                field.column());
    return new Notice("field-unread", field.column(), 1, List.of(), detail);
  }

  private void noteUnknown(List<String> unknown, HeaderMapping mapping) {
    List<String> alone = new ArrayList<>(unknown);
    if (unknown.size() > MOST_UNKNOWN) {
      alone = unknown.subList(0, MOST_UNKNOWN - 1);
      notices.add(
          new Notice(
              "column-unknown",
              null,
              unknown.size() - alone.size(),
              List.of(),
              "%d more columns are kept as attributes.".formatted(unknown.size() - alone.size())));
    }
    for (String column : alone) {
      notices.add(
          new Notice("column-unknown", column, 1, List.of(), whyAttribute(column, mapping)));
    }
  }

  /** Says whether another column was used for the field that this column may also mean. */
  private static String whyAttribute(String column, HeaderMapping mapping) {
    Field field = HeaderMapping.fieldOf(column);
    int used = field == null ? -1 : mapping.columnOf(field);
    if (field == null || used < 0) {
      return "The column is kept as an attribute.";
    }
    return "“%s” is read as %s. This column is kept as an attribute; map=%s:%s uses it instead."
        .formatted(
            shown(mapping.header().get(used)), field.column(), shown(column), field.column());
  }

  private static String shown(String name) {
    return name.length() <= 60 ? name : name.substring(0, 60) + "…";
  }
}
