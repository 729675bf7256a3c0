package dev.waybill.upload;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sanitises the name of an uploaded file, which is shown to users. Waybill never uses the name as a
 * path, but other programs might use it as a path.
 */
final class FileName {

  private static final String UNNAMED = "upload.csv";
  private static final int LONGEST = 255;

  /**
   * Control characters, and characters that change the direction of text and could disguise a name.
   */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private FileName() {}

  /**
   * Removes folders and invisible characters from the name that the client sent. The result has 1
   * to 255 code points.
   */
  static String sanitised(@Nullable String sent) {
    if (sent == null) {
      return UNNAMED;
    }
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    String name = INVISIBLE.matcher(last).replaceAll("").strip();
    if (name.codePointCount(0, name.length()) > LONGEST) {
      name = name.substring(0, name.offsetByCodePoints(0, LONGEST));
    }
    return name.isEmpty() || name.equals(".") || name.equals("..") ? UNNAMED : name;
  }
}
