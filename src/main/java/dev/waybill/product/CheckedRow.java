package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.product.CellCheck.Fault;
import dev.waybill.product.CellCheck.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the values and errors that were read so far from one row. Not thread-safe. */
final class CheckedRow {

  private final HeaderMapping mapping;
  private final byte[] @Nullable [] values;
  private final @Nullable StringBuilder attributes;
  private int attributeCount;
  private int dropped;
  private @Nullable String priceCurrency;
  private @Nullable String moreImages;
  private @Nullable List<RowError> errors;
  private @Nullable List<CellNote> notes;

  /** The attribute columns whose cell is not blank, but does not set or clear the attribute. */
  private @Nullable BitSet leftOut;

  CheckedRow(HeaderMapping mapping) {
    this.mapping = mapping;
    this.values = new byte[mapping.fields().size()][];
    this.attributes = mapping.hasAttributes() ? new StringBuilder(64).append('{') : null;
  }

  void value(int slot, String canonical) {
    values[slot] = canonical.getBytes(UTF_8);
  }

  void attribute(String memberName, String value) {
    if (attributes != null) {
      JsonMembers.append(attributes, memberName, value);
      attributeCount++;
    }
  }

  /** Reads the cell of a field that {@link CellCheck#plain} did not accept. */
  void read(int column, Field field, String cell) {
    ReadingRules rules = mapping.rules();
    Reading reading = CellCheck.read(field, cell, rules);
    int slot = mapping.slot(column);
    Fault fault = reading.fault();
    if (fault != null) {
      if (rules.dropBad() && field != Field.SKU && field != Field.NAME) {
        note(CellNote.Kind.DROPPED, column);
        dropped |= 1 << slot;
      } else {
        error(column, fault, cell);
      }
    } else if (reading.value() != null) {
      value(slot, reading.value());
      if (field == Field.SKU && !rules.literal() && isSuspect(reading.value())) {
        note(CellNote.Kind.SUSPECT, column);
      } else if (field == Field.GTIN && !Gtin.hasCheckDigit(reading.value())) {
        note(CellNote.Kind.CHECK_DIGIT, column);
      }
      priceCurrency = reading.currency() == null ? priceCurrency : reading.currency();
      moreImages = reading.more() == null ? moreImages : reading.more();
    } else if (!cell.isEmpty()) {
      note(CellNote.Kind.BLANKED, column);
    }
  }

  private static boolean isSuspect(String sku) {
    return DamagedSku.isSuspect(sku) || NonProductLine.isLikely(sku);
  }

  /**
   * Reads the cell of an attribute that is short enough to be a word for an empty value.
   *
   * @return whether the cell is a word for an empty value
   */
  boolean word(int column, String memberName, String cell) {
    if (CellWords.isBlankLike(cell)) {
      note(CellNote.Kind.BLANKED, column);
      return true;
    }
    if (!CellWords.isError(cell)) {
      attribute(memberName, cell);
      return false;
    }
    if (mapping.rules().dropBad()) {
      note(CellNote.Kind.DROPPED, column);
      leftOut = leftOut == null ? new BitSet() : leftOut;
      leftOut.set(column);
    } else {
      error(column, CellCheck.error("attribute", cell), cell);
    }
    return false;
  }

  /** Reads all attributes of a product from one cell that contains a JSON object. */
  void allAttributes(int column, String cell) {
    if (cell.isEmpty()) {
      return;
    }
    Map<String, String> members = AttributesJson.read(cell);
    if (members == null) {
      error(
          column,
          new Fault(
              "attributes",
              "The cell is no JSON object of texts, such as {\"Colour\":\"red\"}. Correct it, or"
                  + " leave it blank."),
          cell);
      return;
    }
    members.forEach(
        (name, value) -> {
          if (!value.isBlank()) {
            attribute(JsonMembers.name(name), value);
          }
        });
  }

  boolean hasLeftOut() {
    return leftOut != null;
  }

  boolean isLeftOut(int column) {
    return leftOut != null && leftOut.get(column);
  }

  boolean hasMoreImages() {
    return moreImages != null;
  }

  private void error(int column, Fault fault, String cell) {
    errors = errors == null ? new ArrayList<>() : errors;
    String shown = fault.code().startsWith("sku") ? Sku.stripped(cell) : cell;
    errors.add(new RowError(mapping.header().get(column), fault.code(), fault.detail(), shown));
  }

  private void note(CellNote.Kind kind, int column) {
    notes = notes == null ? new ArrayList<>() : notes;
    notes.add(new CellNote(kind, mapping.header().get(column)));
  }

  /**
   * Returns the row, or its errors.
   *
   * @param clears whether the cell of at least one attribute is blank
   */
  RowResult result(AttributePatch patch, String[] cells, boolean clears) {
    settleCurrency();
    settleImages();
    if (errors != null) {
      return new RowResult.Rejected(List.copyOf(errors));
    }
    List<CellNote> noted = notes == null ? List.of() : List.copyOf(notes);
    int kept = kept();
    long hash = RowHash.of(values, kept, mapping);
    if (attributes == null) {
      return new RowResult.Accepted(new ProductRow(values, null, null, 0, kept, hash), noted);
    }
    byte[] object = attributes.append('}').toString().getBytes(UTF_8);
    if (attributeCount > AttributeLimits.MAX_COUNT || object.length > AttributeLimits.MAX_BYTES) {
      return new RowResult.Rejected(List.of(AttributeLimits.error()));
    }
    byte[] merged = patch.of(this, cells, object, clears);
    return new RowResult.Accepted(
        new ProductRow(values, object, merged, attributeCount, kept, hash), noted);
  }

  /**
   * Sets the field {@code currency} if this field is blank. The value is the currency that is
   * written beside the price. If no currency is written there, the value is the currency in the
   * name of the price column. All currencies in the row and in the header must agree. If rows do
   * not have the field {@code currency}, a currency beside the price is an error.
   */
  private void settleCurrency() {
    HeaderCurrency header = mapping.headerCurrency();
    if (priceCurrency == null && header == null) {
      return;
    }
    int slot = mapping.slotOf(Field.CURRENCY);
    byte[] stated = slot < 0 ? null : values[slot];
    if (priceCurrency != null) {
      settleCurrency(priceCurrency, slot, stated, header);
    } else if (header != null && slot >= 0 && values[mapping.slotOf(Field.PRICE)] != null) {
      if (stated == null) {
        values[slot] = header.utf8();
      } else {
        checkHeader(header, stated);
      }
    }
  }

  private void settleCurrency(
      String beside, int slot, byte @Nullable [] stated, @Nullable HeaderCurrency header) {
    if (stated != null) {
      String code = new String(stated, UTF_8);
      if (!CurrencyNames.mayMean(beside, code)) {
        conflict(beside, "%s is beside the price, but the currency is %s.", code);
      } else if (header != null) {
        checkHeader(header, stated);
      }
      return;
    }
    if (header != null && slot >= 0) {
      String common = CurrencyNames.common(beside, header.written());
      if (common == null) {
        conflict(beside, "%s is beside the price, but the header says %s.", header.written());
      } else {
        value(slot, common);
      }
      return;
    }
    String code = CurrencyNames.code(beside);
    if (code == null || slot < 0) {
      error(
          mapping.columnOf(Field.PRICE),
          new Fault(
              "currency",
              code == null
                  ? "%s is the sign of several currencies. Add a column currency with a code of ISO 4217."
                      .formatted(CellCheck.quoted(beside))
                  : "%s is beside this price, but beside none of the first %d of the file. Add a column currency."
                      .formatted(CellCheck.quoted(beside), NumberSample.CELLS)),
          beside);
      return;
    }
    value(slot, code);
  }

  private void checkHeader(HeaderCurrency header, byte[] stated) {
    if (Arrays.equals(stated, header.utf8())) {
      return;
    }
    String code = new String(stated, UTF_8);
    if (!CurrencyNames.mayMean(header.written(), code)) {
      conflict(
          header.written(), "%s is in the header of the prices, but the currency is %s.", code);
    }
  }

  private void conflict(String written, String sentence, String other) {
    error(
        mapping.columnOf(Field.PRICE),
        new Fault("currency", sentence.formatted(CellCheck.quoted(written), other)),
        written);
  }

  private void settleImages() {
    if (moreImages == null) {
      return;
    }
    if (mapping.header().contains(ImageAddresses.MORE)) {
      error(
          mapping.columnOf(Field.IMAGE_URL),
          new Fault(
              "image-url",
              "The cell has several addresses, which belong into the column %s."
                  .formatted(ImageAddresses.MORE)),
          moreImages);
    } else {
      attribute(JsonMembers.name(ImageAddresses.MORE), moreImages);
    }
  }

  /**
   * The values that the row leaves unchanged in a stored product, one bit for each slot. A slot is
   * the position of a field in the row.
   */
  private int kept() {
    if (!mapping.isPartial()) {
      return 0;
    }
    int kept = dropped;
    for (int slot = 0; slot < values.length; slot++) {
      boolean blank = values[slot] == null;
      if (blank && (mapping.rules().keepBlank() || isWithoutColumn(slot))) {
        kept |= 1 << slot;
      }
    }
    return kept;
  }

  private boolean isWithoutColumn(int slot) {
    return mapping.columnOf(mapping.fields().get(slot)) < 0;
  }
}
