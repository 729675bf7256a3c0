package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * The currency that the name of the column of prices states.
 *
 * @param written the currency as the name writes it
 * @param code its ISO 4217 code
 * @param utf8 the code in UTF-8, which all rows of the file share
 */
record HeaderCurrency(String written, String code, byte[] utf8) {

  /** Null if {@code written} is null or names no currency. */
  static @Nullable HeaderCurrency of(@Nullable String written) {
    String code = written == null ? null : CurrencyNames.code(written);
    return written == null || code == null
        ? null
        : new HeaderCurrency(written, code, code.getBytes(UTF_8));
  }
}
