package dev.waybill.sheet;

import dev.waybill.csv.Notice;
import java.util.List;

/**
 * A sheet that was converted to text.
 *
 * @param name the name of the sheet
 * @param textNumbers the columns (from 0) with texts that can be read as numbers with a separator
 * @param numbers the columns (from 0) with numbers that the sheet shows with a separator
 * @param notices messages about the conversion for the person who sent the file
 */
public record ConvertedSheet(
    String name, List<Integer> textNumbers, List<Integer> numbers, List<Notice> notices) {}
