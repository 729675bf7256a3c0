package dev.waybill.upload;

import dev.waybill.csv.TextEvidence;
import dev.waybill.sheet.ConvertedSheet;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the file of a preview, as it is stored.
 *
 * @param text what its bytes say about its charset
 * @param sent the size of the file as it was sent, in bytes
 * @param sha256 of the file as it was sent
 * @param sheet what it was converted from; null for any other file
 */
record FileEvidence(TextEvidence text, long sent, String sha256, @Nullable ConvertedSheet sheet) {}
