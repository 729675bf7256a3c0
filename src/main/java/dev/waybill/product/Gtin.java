package dev.waybill.product;

/** Checks the digits of a gtin, the number in the barcode of a product. */
final class Gtin {

  private Gtin() {}

  /** Whether the text has the form of a gtin: 8, 12, 13 or 14 digits. */
  static boolean is(String text) {
    int length = text.length();
    return (length == 8 || length >= 12 && length <= 14) && Numbers.isDigits(text, 0, length);
  }

  /**
   * Whether the last digit is the check digit of the other digits. From right to left, the digits
   * are multiplied by one and by three in turn, and the sum must be a multiple of ten. A
   * spreadsheet that rounds a gtin breaks the check digit in nine cases of ten.
   *
   * @param gtin a text that consists of digits
   */
  static boolean hasCheckDigit(String gtin) {
    int sum = 0;
    int factor = 1;
    for (int i = gtin.length() - 1; i >= 0; i--) {
      sum += factor * (gtin.charAt(i) - '0');
      factor = 4 - factor;
    }
    return sum % 10 == 0;
  }
}
