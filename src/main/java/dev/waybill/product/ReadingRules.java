package dev.waybill.product;

/**
 * How the cells of one file are read. Decided before the upload is answered and stored with the
 * job, so that each attempt reads the same.
 *
 * @param price how prices are written
 * @param quantity how quantities are written
 * @param keepBlank whether a blank cell leaves the stored value as it is; otherwise it clears it
 * @param dropBad whether a bad optional cell is left out; otherwise it rejects its row
 * @param literal whether cells mean what they say: nothing is unwrapped, and no word is blank
 * @param priceCurrency whether a currency beside a price goes to a field that has no column
 */
public record ReadingRules(
    NumberFormat price,
    NumberFormat quantity,
    boolean keepBlank,
    boolean dropBad,
    boolean literal,
    boolean priceCurrency) {

  /** What holds where nothing was asked for and no sample was seen. */
  public static final ReadingRules USUAL =
      new ReadingRules(NumberFormat.UNKNOWN, NumberFormat.UNKNOWN, false, false, false, false);

  /** For lists that Waybill wrote itself. */
  public static final ReadingRules OWN_LISTS =
      new ReadingRules(
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          false,
          false,
          true,
          false);

  /** For jobs that an earlier version took in: numbers have a point. */
  public static final ReadingRules EARLIER =
      new ReadingRules(
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          NumberFormat.requested(NumberFormat.Decimal.POINT),
          false,
          false,
          false,
          false);

  /** The same with other numbers. */
  public ReadingRules with(NumberFormat numbers) {
    return new ReadingRules(numbers, numbers, keepBlank, dropBad, literal, priceCurrency);
  }
}
