package dev.waybill.upload;

import dev.waybill.csv.ByteSource;
import dev.waybill.csv.TextVerdict;

/**
 * A file to be checked, wherever it is.
 *
 * @param size in bytes
 * @param verdict whether it is text, and in which charset
 */
record TextFile(ByteSource bytes, long size, TextVerdict verdict) {}
