package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds text that was encoded as UTF-8 twice: a program read UTF-8 as windows-1252, and wrote the
 * text as UTF-8 again. Then each accented letter became two or three characters. Only a few
 * characters can be the first character of such a group.
 */
final class EncodedTwice {

  /**
   * Matches a UTF-8 lead byte in the form in which windows-1252 shows this byte, and the non-ASCII
   * characters after it.
   */
  private static final Pattern RUN = Pattern.compile("[ÂÃÄÅÐÑâãðï][^\\x00-\\x7F]{1,3}");

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private EncodedTwice() {}

  /**
   * Whether most candidates in the sample are valid UTF-8 after they are encoded as windows-1252.
   *
   * @param sample words in UTF-8; the last word may be cut
   */
  static boolean isIn(byte[] sample) {
    Matcher run = RUN.matcher(new String(sample, UTF_8));
    int twice = 0;
    int once = 0;
    while (run.find()) {
      if (isUtf8(run.group())) {
        twice++;
      } else {
        once++;
      }
    }
    return twice > once;
  }

  private static boolean isUtf8(String characters) {
    try {
      ByteBuffer bytes = WINDOWS_1252.newEncoder().encode(CharBuffer.wrap(characters));
      // Checks only the first letter, because the matched text may include the start of the next
      // letter.
      int length = bytes.get(0) >= (byte) 0xE0 ? 3 : 2;
      if (bytes.remaining() < length) {
        return false;
      }
      bytes.limit(length);
      UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
