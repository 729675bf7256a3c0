package dev.waybill.product;

import dev.waybill.product.CellCheck.Fault;
import dev.waybill.product.CellCheck.Reading;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The addresses in an image cell: the first is the image, the others are more images. */
final class ImageAddresses {

  /** The attribute that takes the others. */
  static final String MORE = "more_images";

  /** Signs between two addresses. An address may hold them too, so the next one must follow. */
  private static final Pattern BETWEEN =
      Pattern.compile("[\\s,;|]+(?=https?://)", Pattern.CASE_INSENSITIVE);

  private static final Pattern AT_END = Pattern.compile("[\\s,;|]+$");

  private ImageAddresses() {}

  static Reading read(String cell) {
    List<String> addresses =
        Stream.of(BETWEEN.split(AT_END.matcher(cell).replaceFirst(""))).distinct().toList();
    for (String address : addresses) {
      if (!isOne(address)) {
        return Reading.bad(
            new Fault(
                "image-url",
                "%s is not a web address. Expected is one that starts with https:// or http:// and a host, without spaces, such as https://shop.example/shoe.jpg."
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

  /** By hand: java.net.URI refuses characters that browsers take, and costs ten times as much. */
  static boolean isOne(String cell) {
    int host =
        cell.regionMatches(true, 0, "https://", 0, 8)
            ? 8
            : cell.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
    if (host < 0) {
      return false;
    }
    int hostEnd = -1;
    for (int i = host; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c <= ' ' || c >= 0x7f && isSpaceOrControl(c)) {
        return false;
      }
      if (hostEnd < 0) {
        if (c == '/' || c == '?' || c == '#') {
          hostEnd = i;
        } else if (c == '@') {
          host = i + 1;
        }
      }
    }
    hostEnd = hostEnd < 0 ? cell.length() : hostEnd;
    return host < hostEnd && cell.charAt(host) != ':';
  }

  private static boolean isSpaceOrControl(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
  }
}
