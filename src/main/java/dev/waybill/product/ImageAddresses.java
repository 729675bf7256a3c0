package dev.waybill.product;

import dev.waybill.product.CellCheck.Fault;
import dev.waybill.product.CellCheck.Reading;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the addresses in an image cell. The first address is the main image; the other addresses
 * are further images.
 */
final class ImageAddresses {

  /** The attribute that stores the addresses of the further images. */
  static final String MORE = "more_images";

  /**
   * Matches the characters between two addresses. An address itself may contain these characters.
   * So they are a separator only if another address follows.
   */
  private static final Pattern BETWEEN =
      Pattern.compile("[\\s,;|]+(?=https?://)", Pattern.CASE_INSENSITIVE);

  /** The separators that an address can contain. */
  private static final String SEPARATORS = ",;|";

  private static final Pattern AT_END = Pattern.compile("[\\s,;|]+$");

  private ImageAddresses() {}

  static Reading read(String cell) {
    if (isSingle(cell)) {
      return Reading.of(cell);
    }
    List<String> addresses =
        Stream.of(BETWEEN.split(AT_END.matcher(cell).replaceFirst(""))).distinct().toList();
    for (String address : addresses) {
      if (!isOne(address)) {
        return Reading.bad(
            new Fault(
                "image-url",
                "%s is not a web address. Write an address that starts with https:// or http:// and a host and has no spaces, such as https://shop.example/shoe.jpg."
                    .formatted(CellCheck.quoted(address))));
      }
    }
    return addresses.size() == 1
        ? Reading.of(addresses.getFirst())
        : new Reading(
            addresses.getFirst(),
            null,
            null,
            String.join("\n", addresses.subList(1, addresses.size())));
  }

  /**
   * Whether the cell is certainly a single web address. If the result is false, the cell may still
   * be a single address.
   */
  static boolean isSingle(String cell) {
    return isOne(cell)
        && SEPARATORS.indexOf(cell.charAt(cell.length() - 1)) < 0
        && cell.indexOf("://", "https://".length()) < 0;
  }

  /**
   * Whether the cell is exactly one web address. Does not use java.net.URI, because java.net.URI
   * refuses characters that browsers accept, and takes ten times as long.
   */
  static boolean isOne(String cell) {
    // Most addresses have this spelling, and startsWith() is much faster than regionMatches().
    int host =
        cell.startsWith("https://") || cell.regionMatches(true, 0, "https://", 0, 8)
            ? 8
            : cell.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
    if (host < 0) {
      return false;
    }
    int length = cell.length();
    int hostEnd = host;
    for (; hostEnd < length; hostEnd++) {
      char c = cell.charAt(hostEnd);
      if (c == '/' || c == '?' || c == '#') {
        break;
      }
      if (isSpaceOrControl(c)) {
        return false;
      }
      if (c == '@') {
        host = hostEnd + 1;
      }
    }
    for (int i = hostEnd; i < length; i++) {
      if (isSpaceOrControl(cell.charAt(i))) {
        return false;
      }
    }
    return host < hostEnd && cell.charAt(host) != ':';
  }

  private static boolean isSpaceOrControl(char c) {
    // Nearly all characters are printed ASCII. The look-up in the Unicode tables is skipped for
    // them.
    return c <= ' '
        || c >= 0x7f
            && (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c));
  }
}
