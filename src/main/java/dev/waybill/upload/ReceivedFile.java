package dev.waybill.upload;

import dev.waybill.csv.TextSniffer;
import dev.waybill.csv.TextVerdict;
import dev.waybill.file.Draft;
import dev.waybill.sheet.ConvertedSheet;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * A file that was received completely.
 *
 * @param draft the inflated file; the code that created the draft closes it
 * @param name the name that is shown to users
 * @param sha256 the hash of the inflated bytes, in hexadecimal
 * @param sniffer the sniffer that has inspected all bytes of the file
 * @param charset the charset that the sender named; null if the sender named no charset
 * @param size the size of the sent file in bytes, after gzip decompression. If the file was an
 *     archive or a workbook, the draft has another size
 * @param sheet the sheet from which the draft was converted; null for any other file
 */
record ReceivedFile(
    Draft draft,
    String name,
    String sha256,
    TextSniffer sniffer,
    @Nullable Charset charset,
    long size,
    @Nullable ConvertedSheet sheet) {

  /** Creates a file that is stored without a conversion. */
  ReceivedFile(
      Draft draft, String name, String sha256, TextSniffer sniffer, @Nullable Charset charset) {
    this(draft, name, sha256, sniffer, charset, draft.size(), null);
  }

  TextVerdict verdict() {
    return sniffer.finish(charset);
  }

  TextFile text() {
    return new TextFile(draft::open, draft.size(), verdict(), sheet);
  }
}
