package dev.waybill.product;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Finds skus that occur again in a file. Finds either only the rows with another name, price or
 * quantity, or all rows. For this purpose, this class remembers the last content of each sku. The
 * class stores only a hash of each sku and the {@link RowHash} of its content, in a bounded amount
 * of memory. The probability that a file with 5 million skus contains two skus with the same 64-bit
 * hash is about 1 in a million. Only one thread may use an instance.
 *
 * <p>While the skus of a file ascend, no sku occurs again. During this time, the hashes are only
 * appended to a list, which costs much less time than a hash table. At the first chunk whose skus
 * do not ascend, all hashes are moved to a hash table.
 */
public final class SkuContents {

  /** The maximum number of skus that are remembered for one file. */
  public static final int MOST = 5_000_000;

  /**
   * The maximum number of bytes for each remembered sku. This number is also valid at the moment
   * when the table grows, and both the old and the new table exist.
   */
  public static final int BYTES_EACH = 43;

  private static final int FIRST_CAPACITY = 1 << 10;

  private final int most;
  private final boolean all;
  private final long seed;
  private final long factor;

  /**
   * The hashes of skus. This array is a list at first, and later a hash table in which 0 marks a
   * free slot.
   */
  private long[] hashes = new long[FIRST_CAPACITY];

  /** The hashes of contents, parallel to {@code hashes}. */
  private long[] contents = new long[FIRST_CAPACITY];

  private int size;
  private boolean full;
  private boolean ascending = true;
  private byte[] last = {};

  /**
   * @param most the maximum number of skus to remember, at least 1
   * @param all whether to find every row that has the sku of an earlier row, even if it has the
   *     same name, price and quantity
   */
  public SkuContents(int most, boolean all) {
    this.most = most;
    this.all = all;
    // The hash depends on random numbers, so that nobody can make a file whose skus all get the
    // same slot in the table.
    SplittableRandom random = new SplittableRandom();
    this.seed = random.nextLong();
    this.factor = random.nextLong() | 1;
  }

  /** The most important value in which a row differs from the earlier rows with the same sku. */
  public enum Difference {
    NAME,

    /** The rows differ in the price or the quantity, but not in the name. */
    NUMBER,

    /** The rows have the same name, price and quantity. Other values may differ. */
    NONE
  }

  /**
   * A row that has the sku of an earlier row.
   *
   * @param index the index of the row
   */
  public record Repeat(int index, Difference difference) {}

  /**
   * Remembers the next rows of the file. Returns the rows whose name, price or quantity differs
   * from the value that the product got from the earlier rows with the same sku. If all repetitions
   * are wanted, returns all rows that have the sku of an earlier row.
   */
  public List<Repeat> repeats(ProductRows rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    if (ascending && rows.ascendFrom(last)) {
      append(rows);
      last = rows.skuUtf8(rows.size() - 1);
      return List.of();
    }
    if (ascending) {
      ascending = false;
      moveTo(capacityFor(2 * size), size);
    }
    List<Repeat> repeats = new ArrayList<>();
    for (int index = 0; index < rows.size(); index++) {
      long content = rows.contentHash(index);
      if (content == 0 && !all) {
        continue;
      }
      long hash = hash(rows, index);
      int slot = slotOf(hash);
      if (hashes[slot] != hash) {
        add(slot, hash, content);
        continue;
      }
      long before = contents[slot];
      contents[slot] = RowHash.changed(before, content);
      Difference difference = difference(before, content);
      if (all || difference != Difference.NONE) {
        repeats.add(new Repeat(index, difference));
      }
    }
    return repeats;
  }

  private static Difference difference(long before, long content) {
    return RowHash.haveOtherNames(before, content)
        ? Difference.NAME
        : RowHash.haveOtherNumbers(before, content) ? Difference.NUMBER : Difference.NONE;
  }

  /**
   * Whether a repeated sku may have been missed, because the file has more skus than are
   * remembered.
   */
  public boolean missesSome() {
    return full && !ascending;
  }

  private void append(ProductRows rows) {
    int added = Math.min(rows.size(), most - size);
    full |= added < rows.size();
    if (size + added > hashes.length) {
      int capacity = Math.min(Math.max(2 * hashes.length, size + added), most);
      hashes = Arrays.copyOf(hashes, capacity);
      contents = Arrays.copyOf(contents, capacity);
    }
    for (int index = 0; index < added; index++) {
      hashes[size] = hash(rows, index);
      contents[size] = rows.contentHash(index);
      size++;
    }
  }

  private long hash(ProductRows rows, int index) {
    long hash = rows.skuHash(index, seed, factor);
    return hash == 0 ? 1 : hash;
  }

  /** Remembers a new sku, if the maximum number of skus is not reached. */
  private void add(int slot, long hash, long content) {
    if (size == most) {
      full = true;
      return;
    }
    hashes[slot] = hash;
    contents[slot] = content;
    size++;
    if (size > hashes.length / 4 * 3) {
      moveTo(capacityFor(2 * size), hashes.length);
    }
  }

  /**
   * The capacity of a table that has room for this number of skus, but not for more skus than the
   * maximum.
   */
  private int capacityFor(int skus) {
    return Math.max(FIRST_CAPACITY, Math.min(skus, most) / 3 * 4 + FIRST_CAPACITY);
  }

  /** Moves the first {@code count} entries into a new table. */
  private void moveTo(int capacity, int count) {
    long[] oldHashes = hashes;
    long[] oldContents = contents;
    hashes = new long[capacity];
    contents = new long[capacity];
    for (int i = 0; i < count; i++) {
      if (oldHashes[i] != 0) {
        int slot = slotOf(oldHashes[i]);
        hashes[slot] = oldHashes[i];
        contents[slot] = oldContents[i];
      }
    }
  }

  /** The slot of a hash, or the free slot that the hash would get. */
  private int slotOf(long hash) {
    int slot = (int) ((hash >>> 32) * hashes.length >>> 32);
    while (hashes[slot] != 0 && hashes[slot] != hash) {
      slot = slot + 1 == hashes.length ? 0 : slot + 1;
    }
    return slot;
  }
}
