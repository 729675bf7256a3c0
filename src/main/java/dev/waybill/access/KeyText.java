package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code wbk_}, then 32 hexadecimal digits of 128 random bits, then 8
 * digits of a checksum. The checksum detects a mistyped key without a query. The checksum also
 * helps secret scanners recognise a key in source code.
 */
final class KeyText {

  static final String PREFIX = "wbk_";

  private static final int RANDOM_BYTES = 16;
  private static final int CHECKSUM_DIGITS = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeyText() {}

  static String random() {
    String start = PREFIX + randomHex(RANDOM_BYTES);
    return start + checksum(start);
  }

  /** Whether the text has the form of a key and its checksum is right. */
  static boolean isWhole(String text) {
    if (text.length() != PREFIX.length() + 2 * RANDOM_BYTES + CHECKSUM_DIGITS
        || !text.startsWith(PREFIX)) {
      return false;
    }
    int end = text.length() - CHECKSUM_DIGITS;
    return checksum(text.substring(0, end)).equals(text.substring(end));
  }

  static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /**
   * The SHA-256 of the text in hexadecimal digits. No slower hash is needed for 128 random bits.
   */
  static String hash(String text) {
    return HexFormat.of().formatHex(sha256(text));
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
