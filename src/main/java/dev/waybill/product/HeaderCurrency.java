package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * The currency that the name of the price column states.
 *
 * @param written the currency in the form that the name of the column contains
 * @param code the ISO 4217 code of the currency
 * @param utf8 the code in UTF-8; all rows of the file share this array
 */
record HeaderCurrency(String written, String code, byte[] utf8) {

  /** Creates an instance. Returns null if {@code written} is null or names no currency. */
  static @Nullable HeaderCurrency of(@Nullable String written) {
    String code = written == null ? null : CurrencyNames.code(written);
    return written == null || code == null
        ? null
        : new HeaderCurrency(written, code, code.getBytes(UTF_8));
  }
}
