package dev.waybill.sheet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Detects the charset of an XML text as the XML specification requires, and opens the text. */
final class XmlCharset {

  private static final int HEAD = 128;
  private static final Pattern ENCODING =
      Pattern.compile("^<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([A-Za-z0-9._-]{1,40})[\"']");

  private XmlCharset() {}

  /**
   * @param in the bytes of the text; the stream is closed together with the reader
   */
  static XmlReader open(InputStream in) throws IOException {
    try {
      PushbackInputStream bytes = new PushbackInputStream(in, HEAD);
      byte[] head = bytes.readNBytes(HEAD);
      Charset charset;
      int mark = 0;
      if (starts(head, 0xEF, 0xBB, 0xBF)) {
        charset = UTF_8;
        mark = 3;
      } else if (starts(head, 0xFF, 0xFE)) {
        charset = UTF_16LE;
        mark = 2;
      } else if (starts(head, 0xFE, 0xFF)) {
        charset = UTF_16BE;
        mark = 2;
      } else if (starts(head, '<', 0)) {
        charset = UTF_16LE;
      } else if (starts(head, 0, '<')) {
        charset = UTF_16BE;
      } else {
        charset = declared(new String(head, ISO_8859_1));
      }
      bytes.unread(head, mark, head.length - mark);
      return new XmlReader(
          new InputStreamReader(
              bytes,
              charset
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT)));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static boolean starts(byte[] head, int... bytes) {
    if (head.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((head[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static Charset declared(String head) throws SheetException {
    Matcher declaration = ENCODING.matcher(head);
    if (!declaration.find()) {
      return UTF_8;
    }
    return switch (declaration.group(1).toLowerCase(Locale.ROOT)) {
      case "utf-8", "utf8" -> UTF_8;
      case "us-ascii", "ascii" -> US_ASCII;
      case "iso-8859-1", "latin1" -> ISO_8859_1;
      case "windows-1252" -> Charset.forName("windows-1252");
      default -> throw XmlReader.malformed("declares a charset that is not known");
    };
  }
}
