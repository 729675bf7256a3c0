package dev.waybill.upload;

import dev.waybill.csv.TextEvidence;
import dev.waybill.sheet.ConvertedSheet;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the file of a preview. It is stored with the preview.
 *
 * @param text what the bytes of the file say about its charset
 * @param sent the size of the file as it was sent, after gzip was removed, in bytes
 * @param sha256 the hash of the file as it was sent
 * @param sheet the sheet from which the text was converted; null for any other file
 */
record FileEvidence(TextEvidence text, long sent, String sha256, @Nullable ConvertedSheet sheet) {}
