package dev.waybill.csv;

import dev.waybill.csv.TextVerdict.NotText;
import dev.waybill.csv.TextVerdict.Text;
import dev.waybill.csv.TextVerdict.UnknownCharset;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detects what a file is, from its bytes, which pass once. Keeps about 32 KiB of them for a file of
 * any length. For one thread at a time.
 */
public final class TextSniffer {

  private static final int NUL_SEARCHED = 64 << 10;

  /** With this many valid sequences per bad byte, a file is damaged UTF-8, not another charset. */
  private static final int SEQUENCES_PER_BAD_BYTE = 10;

  private final byte[] head = new byte[FileSignature.LENGTH];
  private final Utf8Tally tally = new Utf8Tally();
  private final NonAsciiSample sample = new NonAsciiSample();
  private long length;
  private long firstNul = -1; // within NUL_SEARCHED

  public void update(byte[] bytes, int offset, int count) {
    for (int i = 0; length + i < FileSignature.LENGTH && i < count; i++) {
      head[(int) length + i] = bytes[offset + i];
    }
    for (int i = 0; firstNul < 0 && i < count && length + i < NUL_SEARCHED; i++) {
      if (bytes[offset + i] == 0) {
        firstNul = length + i;
      }
    }
    tally.update(bytes, offset, count);
    sample.update(bytes, offset, count);
    length += count;
  }

  /**
   * The verdict on all bytes so far.
   *
   * @param requested the charset that the sender named; it decides for anything that is text
   */
  public TextVerdict finish(@Nullable Charset requested) {
    int headLength = (int) Math.min(length, FileSignature.LENGTH);
    Optional<FileSignature> signature = FileSignature.of(head, headLength);
    if (signature.isPresent()) {
      return new NotText(signature.get().what());
    }
    Optional<ByteOrderMark> mark = ByteOrderMark.of(head, headLength);
    if (firstNul >= 0 && mark.isEmpty()) {
      return new NotText("binary data (a NUL byte at offset %d)".formatted(firstNul));
    }
    if (requested != null) {
      return new Text(requested);
    }
    if (mark.isPresent()) {
      return new Text(mark.get().charset());
    }
    Utf8Tally.Count count = tally.finish();
    if (count.badBytes() <= count.sequences() / SEQUENCES_PER_BAD_BYTE) {
      return new Text(StandardCharsets.UTF_8);
    }
    return CharsetDetection.of(sample.bytes())
        .<TextVerdict>map(Text::new)
        .orElseGet(
            () ->
                new UnknownCharset(
                    "The file is not UTF-8 (bytes that are not: %d), and its charset cannot be"
                            .formatted(count.badBytes())
                        + " detected from its text. Save it as UTF-8, or name its charset, such as"
                        + " charset=windows-1252."));
  }
}
