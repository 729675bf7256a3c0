package dev.waybill.upload;

import dev.waybill.csv.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Shows the first lines that contain non-ASCII characters, decoded with each of the likely
 * charsets.
 */
final class LikelyCharsets {

  private static final int MOST_LINES = 3;
  private static final int LONGEST_LINE = 60;
  private static final int SEARCHED = 512 << 10;

  private LikelyCharsets() {}

  /** Returns one sentence for each likely charset; an empty text if no charset is likely. */
  static String shown(ByteSource file, List<Charset> likely) throws IOException {
    byte[] head;
    try (InputStream in = file.open(0)) {
      head = in.readNBytes(SEARCHED);
    }
    List<byte[]> lines = lines(head);
    return likely.stream()
        .map(
            charset ->
                " charset=%s reads: %s."
                    .formatted(
                        charset.name(),
                        lines.stream()
                            .map(line -> "“" + printable(new String(line, charset)) + "”")
                            .collect(Collectors.joining(", "))))
        .collect(Collectors.joining());
  }

  private static List<byte[]> lines(byte[] head) {
    List<byte[]> found = new ArrayList<>();
    int from = 0;
    boolean beyondAscii = false;
    for (int i = 0; i <= head.length && found.size() < MOST_LINES; i++) {
      if (i == head.length || head[i] == '\n' || head[i] == '\r') {
        if (beyondAscii) {
          found.add(Arrays.copyOfRange(head, from, i));
        }
        from = i + 1;
        beyondAscii = false;
      } else {
        beyondAscii |= head[i] < 0;
      }
    }
    return found;
  }

  /** The part of a line around its first non-ASCII character. */
  private static String printable(String line) {
    int first = 0;
    while (first < line.length() && line.charAt(first) < 0x80) {
      first++;
    }
    int from = Math.max(0, Math.min(first - LONGEST_LINE / 2, line.length() - LONGEST_LINE));
    String part = line.substring(from, Math.min(line.length(), from + LONGEST_LINE));
    return part.replaceAll("\\p{Cntrl}", " ");
  }
}
