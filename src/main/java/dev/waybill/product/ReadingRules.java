package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * The rules for reading the cells of one file. The rules are determined before the upload is
 * answered. The rules are stored with the job, so that each attempt reads the same values.
 *
 * @param price the number format of prices
 * @param quantity the number format of quantities
 * @param keepBlank whether a blank cell keeps the stored value; otherwise it clears the value
 * @param dropBad whether a cell that cannot be read is ignored if its field is optional; otherwise
 *     its row is rejected
 * @param literal whether cells are read literally: no quoting is removed, and no word means blank
 * @param priceCurrency whether a currency beside a price or in the header sets the field {@code
 *     currency}, because the file has no column for this field
 * @param headerCurrency the currency in the name of the price column, in the form that the name
 *     contains. This is the currency of each price that has no other currency. Null if the name
 *     states no currency
 */
public record ReadingRules(
    NumberFormat price,
    NumberFormat quantity,
    boolean keepBlank,
    boolean dropBad,
    boolean literal,
    boolean priceCurrency,
    @Nullable String headerCurrency) {

  /** The rules if the caller has requested no rules and no rows were examined. */
  public static final ReadingRules USUAL =
      new ReadingRules(
          NumberFormat.UNKNOWN, NumberFormat.UNKNOWN, false, false, false, false, null);

  /** The rules for files that Waybill itself has exported. */
  public static final ReadingRules OWN_LISTS =
      new ReadingRules(
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          false,
          false,
          true,
          false,
          null);

  /**
   * The rules for jobs that an early version accepted. With these rules, numbers have a decimal
   * point.
   */
  public static final ReadingRules EARLIER =
      new ReadingRules(
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          false,
          false,
          false,
          false,
          null);

  /** The same rules with another format for prices and quantities. */
  public ReadingRules with(NumberFormat numbers) {
    return new ReadingRules(
        numbers, numbers, keepBlank, dropBad, literal, priceCurrency, headerCurrency);
  }
}
