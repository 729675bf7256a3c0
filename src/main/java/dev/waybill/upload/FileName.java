package dev.waybill.upload;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name under which a file is shown. It never becomes a path here, but might elsewhere. */
final class FileName {

  private static final String UNNAMED = "upload.csv";
  private static final int LONGEST = 255;

  /** Control characters, and those that turn the direction of text to disguise a name. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private FileName() {}

  /** What is left of a sent name without folders and unseen characters: 1 to 255 code points. */
  static String sanitised(@Nullable String sent) {
    if (sent == null) {
      return UNNAMED;
    }
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    String name = UNSEEN.matcher(last).replaceAll("").strip();
    if (name.codePointCount(0, name.length()) > LONGEST) {
      name = name.substring(0, name.offsetByCodePoints(0, LONGEST));
    }
    return name.isEmpty() || name.equals(".") || name.equals("..") ? UNNAMED : name;
  }
}
