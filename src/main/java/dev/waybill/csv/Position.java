package dev.waybill.csv;

/**
 * A place between two records, where reading can go on.
 *
 * @param offset in bytes of the text as UTF-8, a byte order mark counted. For a file in UTF-8 this
 *     is the offset in the file; for one in another charset the offset in its transcoded text
 * @param line the physical line that starts here; the first line of the file is 1
 */
public record Position(long offset, long line) {}
