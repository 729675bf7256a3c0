package dev.waybill.upload;

import dev.waybill.csv.TextSniffer;
import dev.waybill.file.Draft;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * A file that has arrived whole.
 *
 * @param draft the inflated file; the code that started the draft closes it
 * @param name as shown to people
 * @param sha256 of the inflated bytes, in hexadecimal
 * @param sniffer has seen all its bytes
 * @param charset that the sender named; null if none
 */
record ReceivedFile(
    Draft draft, String name, String sha256, TextSniffer sniffer, @Nullable Charset charset) {

  TextFile text() {
    return new TextFile(draft::open, draft.size(), sniffer.finish(charset));
  }
}
