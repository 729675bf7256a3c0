package dev.waybill.upload;

import dev.waybill.csv.TextVerdict;
import dev.waybill.file.Draft;

/**
 * A file that has arrived whole.
 *
 * @param draft the inflated file; the code that started the draft closes it
 * @param name as shown to people
 * @param sha256 of the inflated bytes, in hexadecimal
 * @param verdict whether it is text, and in which charset
 */
record ReceivedFile(Draft draft, String name, String sha256, TextVerdict verdict) {}
