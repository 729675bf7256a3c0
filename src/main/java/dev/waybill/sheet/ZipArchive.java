package dev.waybill.sheet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ZIP file by its central directory. The JDK's reader is not used, because it loads the
 * whole directory into the heap. A file with a directory of a gigabyte would exhaust the heap.
 */
final class ZipArchive {

  /** The maximum number of entries of an archive. A workbook has about 20 entries. */
  static final int MOST_ENTRIES = 10_000;

  /** The maximum size of the central directory, in bytes. */
  static final int LARGEST_DIRECTORY = 4 << 20;

  private static final int END_SIZE = 22;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_LOCATOR = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final long IN_EXTRA = 0xFFFFFFFFL;

  private final ByteSource file;
  private final long size;
  private final InflateBudget budget;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * One entry, as the central directory describes it.
   *
   * @param size the inflated size that the archive declares; the size is checked when the entry is
   *     read
   */
  record Entry(
      String name,
      boolean encrypted,
      int method,
      long crc,
      long compressedSize,
      long size,
      long headerAt) {

    boolean isFolder() {
      return name.endsWith("/") || name.endsWith("\\");
    }
  }

  /** Reads the central directory. */
  ZipArchive(ByteSource file, long size, InflateBudget budget) throws IOException {
    this.file = file;
    this.size = size;
    this.budget = budget;
    readDirectory();
  }

  List<Entry> entries() {
    return entries;
  }

  /**
   * Returns a stream of the inflated bytes of an entry. At the end of the entry, the stream checks
   * the size and the checksum. All inflated bytes count against the budget.
   */
  InputStream open(Entry entry) throws IOException {
    if (entry.encrypted()) {
      throw SheetException.unreadable("The file is encrypted. Send it without a password.");
    }
    if (entry.method() != EntryStream.STORED && entry.method() != EntryStream.DEFLATED) {
      throw SheetException.unreadable(
          "“%s” is compressed by method %d, but only deflate is known."
              .formatted(shown(entry.name()), entry.method()));
    }
    ByteBuffer header = read(entry.headerAt(), 30);
    if (header.getInt(0) != LOCAL) {
      throw damaged();
    }
    long dataAt = entry.headerAt() + 30 + unsigned(header, 26) + unsigned(header, 28);
    if (dataAt > size - entry.compressedSize()) {
      throw damaged();
    }
    return new EntryStream(file.open(dataAt), entry, budget);
  }

  private void readDirectory() throws IOException {
    int tail = (int) Math.min(size, END_SIZE + LONGEST_COMMENT);
    ByteBuffer bytes = read(size - tail, tail);
    int at = tail - END_SIZE;
    while (at >= 0
        && !(bytes.getInt(at) == END && at + END_SIZE + unsigned(bytes, at + 20) <= tail)) {
      at--;
    }
    if (at < 0) {
      throw damaged();
    }
    long count = unsigned(bytes, at + 10);
    long length = bytes.getInt(at + 12) & 0xFFFFFFFFL;
    long start = bytes.getInt(at + 16) & 0xFFFFFFFFL;
    if (count == 0xFFFF || length == IN_EXTRA || start == IN_EXTRA) {
      ByteBuffer end64 = end64(size - tail + at);
      if (end64 != null) {
        count = end64.getLong(32);
        length = end64.getLong(40);
        start = end64.getLong(48);
      }
    }
    if (count < 0 || length < 0 || start < 0 || start > size - length) {
      throw damaged();
    }
    if (count > MOST_ENTRIES || length > LARGEST_DIRECTORY) {
      throw SheetException.tooLarge(
          "The archive has %,d entries, and %,d bytes to list them; at most %,d and %,d are read."
              .formatted(count, length, MOST_ENTRIES, LARGEST_DIRECTORY));
    }
    readEntries(read(start, (int) length), (int) count);
  }

  private @Nullable ByteBuffer end64(long endAt) throws IOException {
    if (endAt < 20) {
      return null;
    }
    ByteBuffer locator = read(endAt - 20, 20);
    long at = locator.getLong(8);
    if (locator.getInt(0) != END_64_LOCATOR || at < 0 || at > size - 56) {
      return null;
    }
    ByteBuffer end = read(at, 56);
    return end.getInt(0) == END_64 ? end : null;
  }

  private void readEntries(ByteBuffer directory, int count) throws SheetException {
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (at > directory.limit() - 46 || directory.getInt(at) != CENTRAL) {
        throw damaged();
      }
      int flags = unsigned(directory, at + 8);
      int nameLength = unsigned(directory, at + 28);
      int extraLength = unsigned(directory, at + 30);
      int next = at + 46 + nameLength + extraLength + unsigned(directory, at + 32);
      if (next > directory.limit()) {
        throw damaged();
      }
      byte[] nameBytes = new byte[nameLength];
      directory.get(at + 46, nameBytes);
      String name = new String(nameBytes, UTF_8);
      long[] sizes = {
        directory.getInt(at + 24) & 0xFFFFFFFFL,
        directory.getInt(at + 20) & 0xFFFFFFFFL,
        directory.getInt(at + 42) & 0xFFFFFFFFL
      };
      readExtra(directory, at + 46 + nameLength, extraLength, sizes);
      if (sizes[0] < 0 || sizes[1] < 0 || sizes[2] < 0 || sizes[1] > size || sizes[2] > size) {
        throw damaged();
      }
      entries.add(
          new Entry(
              name,
              (flags & 1) != 0,
              unsigned(directory, at + 10),
              directory.getInt(at + 16) & 0xFFFFFFFFL,
              sizes[1],
              sizes[0],
              sizes[2]));
      at = next;
    }
  }

  /**
   * Reads sizes of 4 GB and more. An archive stores such sizes in the extra field of the entry,
   * with 8 bytes for each size.
   */
  private static void readExtra(ByteBuffer directory, int from, int length, long[] sizes) {
    int at = from;
    while (at + 4 <= from + length) {
      int id = unsigned(directory, at);
      int end = at + 4 + unsigned(directory, at + 2);
      if (id == 1 && end <= from + length) {
        int field = at + 4;
        for (int i = 0; i < sizes.length && field + 8 <= end; i++) {
          if (sizes[i] == IN_EXTRA) {
            sizes[i] = directory.getLong(field);
            field += 8;
          }
        }
      }
      at = end;
    }
  }

  private ByteBuffer read(long at, int length) throws IOException {
    if (at < 0 || at > size - length) {
      throw damaged();
    }
    try (InputStream in = file.open(at)) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw damaged();
      }
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static int unsigned(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  static SheetException damaged() {
    return SheetException.unreadable(
        "The ZIP archive or workbook is damaged or not complete. Save it again.");
  }

  /** Shortens a name and removes control characters, so that the name can be shown to a user. */
  static String shown(String name) {
    String clean = name.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "");
    return clean.codePointCount(0, clean.length()) <= 60
        ? clean
        : clean.substring(0, clean.offsetByCodePoints(0, 60)) + "…";
  }
}
