package dev.waybill.upload;

import dev.waybill.csv.TextEvidence;
import dev.waybill.sheet.ConvertedSheet;
import org.jspecify.annotations.Nullable;

/**
 * The known properties of the file of a preview. These properties are stored with the preview.
 *
 * @param text the facts that the bytes of the file show about its charset
 * @param sent the size of the sent file in bytes, after gzip decompression
 * @param sha256 the hash of the sent file
 * @param sheet the sheet from which the text was converted; null for any other file
 */
record FileEvidence(TextEvidence text, long sent, String sha256, @Nullable ConvertedSheet sheet) {}
