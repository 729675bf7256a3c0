package dev.waybill.csv;

import dev.waybill.csv.TextVerdict.Archive;
import dev.waybill.csv.TextVerdict.NotText;
import dev.waybill.csv.TextVerdict.Text;
import dev.waybill.csv.TextVerdict.UnknownCharset;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detects from the bytes of a file whether the file is text, an archive or something else. The
 * detection reads each byte one time. For a file of any size, it keeps about 32 KiB of the bytes.
 * Only one thread at a time may use an instance.
 */
public final class TextSniffer {

  private static final int NUL_SEARCHED = 64 << 10;

  /**
   * The minimum number of valid UTF-8 sequences for each bad byte. With at least this number, a
   * file counts as damaged UTF-8 and not as text in another charset.
   */
  private static final int SEQUENCES_PER_BAD_BYTE = 3;

  private final byte[] head = new byte[MarkupStart.LENGTH];
  private final Utf8Tally tally = new Utf8Tally();
  private final NonAsciiSample sample = new NonAsciiSample();
  private long length;
  // The offset of the first NUL byte within NUL_SEARCHED; -1 if there is no NUL byte.
  private long firstNul = -1;
  // The number of NUL bytes within NUL_SEARCHED at even offsets, and the number at odd offsets.
  private final int[] nuls = new int[2];

  public void update(byte[] bytes, int offset, int count) {
    for (int i = 0; length + i < MarkupStart.LENGTH && i < count; i++) {
      head[(int) length + i] = bytes[offset + i];
    }
    for (int i = 0; i < count && length + i < NUL_SEARCHED; i++) {
      if (bytes[offset + i] == 0) {
        firstNul = firstNul < 0 ? length + i : firstNul;
        nuls[(int) ((length + i) % 2)]++;
      }
    }
    tally.update(bytes, offset, count);
    sample.update(bytes, offset, count);
    length += count;
  }

  /**
   * The verdict on all bytes so far.
   *
   * @param requested the charset that the sender named; null if the sender named no charset. This
   *     charset is used unless the first bytes or NUL bytes exclude it
   */
  public TextVerdict finish(@Nullable Charset requested) {
    int headLength = (int) Math.min(length, MarkupStart.LENGTH);
    Optional<FileSignature> signature = FileSignature.of(head, headLength);
    if (signature.isPresent()) {
      return signature.get() == FileSignature.ZIP
          ? new Archive()
          : new NotText(signature.get().what());
    }
    Optional<String> markup = MarkupStart.of(head, headLength);
    if (markup.isPresent()) {
      return new NotText(markup.get());
    }
    Optional<ByteOrderMark> mark = ByteOrderMark.of(head, headLength);
    if (mark.isPresent()) {
      return new Text(mark.get().charset());
    }
    if (requested != null && isWide(requested)) {
      return new Text(requested);
    }
    if (firstNul >= 0) {
      return utf16().orElseGet(() -> binary());
    }
    Utf8Tally.Count count = tally.finish();
    if (requested != null) {
      return new Text(requested, count.badBytes() == 0 ? doubt(requested, count) : null);
    }
    if (count.badBytes() <= count.sequences() / SEQUENCES_PER_BAD_BYTE) {
      return new Text(
          StandardCharsets.UTF_8,
          EncodedTwice.isIn(sample.bytes())
              ? "Letters such as “Ã¤” in place of “ä”: the file was probably encoded as UTF-8"
                  + " twice. It is read as it stands; export it again."
              : null);
    }
    CharsetDetection.Result found = CharsetDetection.of(sample.bytes());
    return found
        .charset()
        .<TextVerdict>map(charset -> new Text(charset, found.guessed() ? guess(charset) : null))
        .orElseGet(
            () ->
                new UnknownCharset(
                    "The file is not UTF-8 (bytes that are not: %d), and its charset cannot be"
                            .formatted(count.badBytes())
                        + " detected from its text. Save it as UTF-8, or name its charset, such as"
                        + " charset=windows-1252.",
                    found.likely()));
  }

  /**
   * The facts that the bytes show if the sender names no charset. A caller can name a charset
   * later.
   */
  public TextEvidence evidence() {
    int headLength = (int) Math.min(length, MarkupStart.LENGTH);
    Utf8Tally.Count count = tally.finish();
    return TextEvidence.of(
        finish(null),
        FileSignature.of(head, headLength).isPresent()
            || MarkupStart.of(head, headLength).isPresent()
            || ByteOrderMark.of(head, headLength).isPresent(),
        firstNul >= 0,
        count.badBytes() == 0 && count.sequences() > 0);
  }

  private static String guess(Charset charset) {
    return "The charset is not declared and not certain: read as %s. Upload with charset= if letters are wrong."
        .formatted(charset.name());
  }

  /**
   * A text that says why the declared charset may be wrong; null if there is no doubt. Clients
   * often declare a charset without knowing the file. The declared charset is used even if there is
   * a doubt.
   */
  private static @Nullable String doubt(Charset requested, Utf8Tally.Count count) {
    return count.sequences() == 0 ? null : doubtOfUtf8(requested);
  }

  /**
   * A text that says why the declared charset may be wrong, for a text that is valid UTF-8 with
   * non-ASCII characters.
   */
  static @Nullable String doubtOfUtf8(Charset requested) {
    return requested.equals(StandardCharsets.UTF_8)
        ? null
        : "Read as %s, as declared, but the text is valid UTF-8. Upload with charset=UTF-8 if letters are wrong."
            .formatted(requested.name());
  }

  /** Whether this charset uses more than one byte for an ASCII character. */
  static boolean isWide(Charset charset) {
    return charset.canEncode() && "a".getBytes(charset).length > 1;
  }

  /**
   * Recognises UTF-16 without a byte order mark. In UTF-16, nearly every second byte of a text that
   * is mostly ASCII, such as a header, is NUL.
   */
  private Optional<TextVerdict> utf16() {
    int few = Math.min(nuls[0], nuls[1]);
    int most = Math.max(nuls[0], nuls[1]);
    if (few > 0 || length % 2 != 0 || most * 4L < Math.min(length, NUL_SEARCHED)) {
      return Optional.empty();
    }
    Charset charset = nuls[0] > 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    return Optional.of(new Text(charset, guess(charset)));
  }

  private TextVerdict binary() {
    return new NotText(
        "binary data (a NUL byte at offset %d), or UTF-16 without a byte order mark, which needs charset=UTF-16LE"
            .formatted(firstNul));
  }
}
