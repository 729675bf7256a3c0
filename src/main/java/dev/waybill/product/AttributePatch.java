package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Makes the merge patch (RFC 7396) that a row applies to the attributes of a stored product. The
 * patch contains the attributes that the row sets. The patch contains null for each blank cell,
 * unless the reading rules say that a blank cell keeps the stored value. The patch also contains
 * null for each attribute whose column is now read as a field.
 */
final class AttributePatch {

  /** The length of a JSON object without members. */
  private static final int NO_MEMBERS = 2;

  private final boolean keepBlank;
  private final boolean replaces;
  private final @Nullable String[] memberNames;
  private final byte[] allCleared;
  private final byte[] removed;
  private final byte[] removedButImages;

  /**
   * @param memberNames the name of the attribute for each column; null for a column that is not an
   *     attribute
   */
  AttributePatch(HeaderMapping mapping, @Nullable String[] memberNames) {
    this.keepBlank = mapping.rules().keepBlank();
    this.replaces = mapping.replacesAttributes();
    this.memberNames = memberNames;
    StringBuilder cleared = new StringBuilder("{");
    for (String memberName : memberNames) {
      if (memberName != null) {
        JsonMembers.appendNull(cleared, memberName);
      }
    }
    this.allCleared = cleared.append('}').toString().getBytes(UTF_8);
    StringBuilder all = new StringBuilder();
    StringBuilder butImages = new StringBuilder();
    for (String name : mapping.removedAttributes()) {
      String member = "," + JsonMembers.name(name) + "null";
      all.append(member);
      butImages.append(name.equals(ImageAddresses.MORE) ? "" : member);
    }
    this.removed = all.append('}').toString().getBytes(UTF_8);
    this.removedButImages = butImages.append('}').toString().getBytes(UTF_8);
  }

  /**
   * The patch of a row.
   *
   * @param object the attributes that the row sets, as JSON in UTF-8
   * @param clears whether the cell of at least one attribute is blank
   * @return the patch, which the caller must not change
   */
  byte[] of(CheckedRow row, String[] cells, byte[] object, boolean clears) {
    byte[] set = clears && !keepBlank ? withNulls(row, cells, object) : object;
    byte[] end = row.hasMoreImages() ? removedButImages : removed;
    if (end.length == 1) {
      return set;
    }
    // The second part of the patch starts with a comma. If the first part has no members, this code
    // skips the comma.
    int from = set.length > NO_MEMBERS ? 0 : 1;
    byte[] patch = new byte[set.length - 1 + end.length - from];
    System.arraycopy(set, 0, patch, 0, set.length - 1);
    System.arraycopy(end, from, patch, set.length - 1, end.length - from);
    return patch;
  }

  private byte[] withNulls(CheckedRow row, String[] cells, byte[] object) {
    if (object.length == NO_MEMBERS && !row.hasLeftOut() && !replaces) {
      // No cell sets an attribute and none is left out, so each one is blank.
      return allCleared;
    }
    StringBuilder patch = new StringBuilder(new String(object, UTF_8));
    patch.deleteCharAt(patch.length() - 1);
    for (int column = 0; column < memberNames.length; column++) {
      String memberName = memberNames[column];
      if (memberName != null && !row.isLeftOut(column) && isBlank(cells[column])) {
        JsonMembers.appendNull(patch, memberName);
      }
    }
    return patch.append('}').toString().getBytes(UTF_8);
  }

  private static boolean isBlank(String cell) {
    return cell.isBlank() || cell.length() <= 12 && CellWords.isBlankLike(cell.strip());
  }
}
