package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** Judges the rows of one file. Stateless: safe for any number of threads. */
public final class RowChecks {

  private final HeaderMapping mapping;
  private final int columns;
  private final boolean hasAttributes;

  /** By column: the attribute's name as it begins its JSON member; null for the other columns. */
  private final @Nullable String[] memberNames;

  public RowChecks(HeaderMapping mapping) {
    this.mapping = mapping;
    this.columns = mapping.header().size();
    this.hasAttributes = mapping.hasAttributes();
    this.memberNames = new String[columns];
    for (int column = 0; column < columns; column++) {
      if (mapping.isAttribute(column)) {
        StringBuilder name = new StringBuilder();
        appendQuoted(name, mapping.header().get(column));
        memberNames[column] = name.append(':').toString();
      }
    }
  }

  /**
   * Accepts a row, or reports every error in it.
   *
   * @param cells one for each column of the header, as {@link HeaderMapping#returned()} wants them;
   *     white space around them does not count. Not changed.
   * @throws IllegalArgumentException unless there are as many cells as columns
   */
  public RowResult check(String[] cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "A row of %d cells for a header of %d".formatted(cells.length, columns));
    }
    byte @Nullable [][] values = new byte[mapping.fields().size()][];
    StringBuilder attributes = hasAttributes ? new StringBuilder(64).append('{') : null;
    int attributeCount = 0;
    boolean clears = false;
    List<RowError> errors = null;
    for (int column = 0; column < columns; column++) {
      String cell = cells[column].strip();
      String memberName = memberNames[column];
      if (memberName != null && attributes != null) {
        if (cell.isEmpty()) {
          clears = true;
        } else {
          appendMember(attributes, memberName, cell);
          attributeCount++;
        }
      } else if (!mapping.ignores(column)) {
        Field field = mapping.field(column);
        if (field == Field.SKU) {
          cell = Sku.stripped(cell);
        }
        CellCheck.Fault fault = CellCheck.fault(field, cell);
        if (fault == null) {
          values[mapping.slot(column)] =
              cell.isEmpty() ? null : CellCheck.canonical(field, cell).getBytes(UTF_8);
        } else {
          errors = errors == null ? new ArrayList<>() : errors;
          errors.add(
              new RowError(mapping.header().get(column), fault.code(), fault.detail(), cell));
        }
      }
    }
    if (errors != null) {
      return new RowResult.Rejected(List.copyOf(errors));
    }
    if (attributes == null) {
      return new RowResult.Accepted(new ProductRow(values, null, null, 0));
    }
    String object = attributes.append('}').toString();
    byte[] utf8 = object.getBytes(UTF_8);
    if (attributeCount > AttributeLimits.MAX_COUNT || utf8.length > AttributeLimits.MAX_BYTES) {
      return new RowResult.Rejected(List.of(AttributeLimits.error()));
    }
    byte[] patch = clears ? patch(cells, object).getBytes(UTF_8) : utf8;
    return new RowResult.Accepted(new ProductRow(values, utf8, patch, attributeCount));
  }

  /** The attributes, and null for each blank cell: that is how a merge patch clears a member. */
  private String patch(String[] cells, String object) {
    StringBuilder patch = new StringBuilder(object).deleteCharAt(object.length() - 1);
    for (int column = 0; column < columns; column++) {
      String memberName = memberNames[column];
      if (memberName != null && cells[column].isBlank()) {
        separate(patch).append(memberName).append("null");
      }
    }
    return patch.append('}').toString();
  }

  private static void appendMember(StringBuilder object, String memberName, String value) {
    appendQuoted(separate(object).append(memberName), value);
  }

  private static StringBuilder separate(StringBuilder object) {
    return object.length() > 1 ? object.append(',') : object;
  }

  private static void appendQuoted(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
