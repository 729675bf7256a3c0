package dev.waybill.sheet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.file.Draft;
import dev.waybill.sheet.XmlReader.Event;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The strings to which the cells of a workbook refer by number. This class stores the strings in
 * blocks in a temporary file. The heap contains only the position of each block, the most recently
 * used blocks, and some short strings.
 */
final class SharedStrings {

  /**
   * The size at which a block ends, in bytes. A block also ends after {@link #BLOCK_STRINGS}
   * strings.
   */
  private static final int BLOCK_BYTES = 8 << 10;

  private static final int BLOCK_STRINGS = 512;

  /** The maximum number of bytes of blocks that are kept in the heap. */
  private static final int CACHED_BYTES = 4 << 20;

  private static final int CACHED_TEXTS = 4096;
  private static final int LONGEST_CACHED = 64;

  private final Draft file;
  private final int longest;
  private final Map<Integer, byte[]> blocks = new LinkedHashMap<>(64, 0.75f, true);
  private int cachedBytes;
  private final @Nullable String[] texts = new String[CACHED_TEXTS];
  private final int[] textNumbers = new int[CACHED_TEXTS];

  // The offset of each block in the file, followed by the end of the last block.
  private long[] starts = new long[16];
  // The number of the first string of each block.
  private int[] firsts = new int[16];
  private int blockCount;
  private int count;

  private byte[] block = new byte[2 * BLOCK_BYTES];
  private int blockLength;

  /**
   * @param file the draft that stores the strings
   * @param longest the maximum number of characters of a string
   */
  SharedStrings(Draft file, int longest) {
    this.file = file;
    this.longest = longest;
    Arrays.fill(textNumbers, -1);
  }

  /** Reads all strings of the workbook and writes them to the file. */
  void readAll(XmlReader xml) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      Event event = xml.next();
      if (event == Event.DONE) {
        break;
      }
      if (event == Event.START && xml.name().equals("si")) {
        text.setLength(0);
        RichText.read(xml, text, longest);
        add(RichText.unescaped(text.toString()));
      }
    }
    endBlock();
  }

  /** The string with this number; null if no string has this number. */
  @Nullable String get(int number) throws IOException {
    if (number < 0 || number >= count) {
      return null;
    }
    int slot = number & CACHED_TEXTS - 1;
    String known = texts[slot];
    if (textNumbers[slot] == number && known != null) {
      return known;
    }
    int found = Arrays.binarySearch(firsts, 0, blockCount, number);
    int index = found < 0 ? -found - 2 : found;
    byte[] bytes = block(index);
    int at = 0;
    for (int i = firsts[index]; i < number; i++) {
      at += 4 + length(bytes, at);
    }
    String text = new String(bytes, at + 4, length(bytes, at), UTF_8);
    if (text.length() <= LONGEST_CACHED) {
      texts[slot] = text;
      textNumbers[slot] = number;
    }
    return text;
  }

  private void add(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    if (blockLength > 0
        && (blockLength + bytes.length > BLOCK_BYTES
            || count - firsts[blockCount] >= BLOCK_STRINGS)) {
      endBlock();
    }
    if (blockLength == 0) {
      startBlock();
    }
    int needed = blockLength + 4 + bytes.length;
    if (needed > block.length) {
      block = Arrays.copyOf(block, needed);
    }
    block[blockLength] = (byte) (bytes.length >>> 24);
    block[blockLength + 1] = (byte) (bytes.length >>> 16);
    block[blockLength + 2] = (byte) (bytes.length >>> 8);
    block[blockLength + 3] = (byte) bytes.length;
    System.arraycopy(bytes, 0, block, blockLength + 4, bytes.length);
    blockLength = needed;
    count++;
  }

  private void startBlock() {
    if (blockCount + 1 >= starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      firsts = Arrays.copyOf(firsts, 2 * firsts.length);
    }
    starts[blockCount] = file.size();
    firsts[blockCount] = count;
  }

  private void endBlock() throws IOException {
    if (blockLength > 0) {
      file.write(block, 0, blockLength);
      blockCount++;
      starts[blockCount] = file.size();
      blockLength = 0;
    }
  }

  private byte[] block(int index) throws IOException {
    byte[] known = blocks.get(index);
    if (known != null) {
      return known;
    }
    byte[] bytes = new byte[(int) (starts[index + 1] - starts[index])];
    file.read(starts[index], bytes);
    blocks.put(index, bytes);
    cachedBytes += bytes.length;
    var oldest = blocks.entrySet().iterator();
    while (cachedBytes > CACHED_BYTES && blocks.size() > 1) {
      cachedBytes -= oldest.next().getValue().length;
      oldest.remove();
    }
    return bytes;
  }

  private static int length(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | bytes[at + 3] & 0xFF;
  }
}
