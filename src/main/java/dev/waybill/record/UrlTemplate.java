package dev.waybill.record;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A URL with a placeholder for the key. The placeholder is one whole segment of the path. So a key
 * cannot change the host, the query or the number of segments of the path.
 */
record UrlTemplate(String before, String after) {

  private static final String PLACE = "{key}";
  private static final Pattern FORM =
      Pattern.compile("https?://[^/?#@{}\\s]+(?:/[^?#{}\\s]*)?/\\{key}(?:[/?][^{}#\\s]*)?");

  static UrlTemplate parse(String setting, String url) {
    if (!FORM.matcher(url).matches()) {
      throw new IllegalArgumentException(
          setting
              + " must be http or https without user info, with {key} as one segment of its path,"
              + " such as https://orders.internal/api/orders/{key}");
    }
    int at = url.indexOf(PLACE);
    UrlTemplate template =
        new UrlTemplate(url.substring(0, at), url.substring(at + PLACE.length()));
    if (template.of("x").getHost() == null) {
      throw new IllegalArgumentException(setting + " has no valid host");
    }
    return template;
  }

  URI of(String key) {
    return URI.create(before + URLEncoder.encode(key, StandardCharsets.UTF_8) + after);
  }
}
