package dev.waybill.sheet;

import dev.waybill.csv.Notice;
import java.util.List;

/**
 * A sheet that was converted to text.
 *
 * @param name the name of the sheet
 * @param textNumbers its columns (from 0) with texts that may be numbers with a separator
 * @param numbers its columns (from 0) with numbers that are shown with a separator
 * @param notices what the sender should know about the conversion
 */
public record ConvertedSheet(
    String name, List<Integer> textNumbers, List<Integer> numbers, List<Notice> notices) {}
