package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Makes the merge patch (RFC 7396) for the attributes of a stored product: what the row sets, and
 * null for each blank cell and for each attribute that a field has taken the place of.
 */
final class AttributePatch {

  private final boolean keepBlank;
  private final @Nullable String[] memberNames;
  private final byte[] removed;
  private final byte[] removedButImages;

  /**
   * @param memberNames by column, null for one that is no attribute
   */
  AttributePatch(HeaderMapping mapping, @Nullable String[] memberNames) {
    this.keepBlank = mapping.rules().keepBlank();
    this.memberNames = memberNames;
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
   * @param object what the row sets, in UTF-8
   * @param clears whether the cell of an attribute is blank
   */
  byte[] of(CheckedRow row, String[] cells, byte[] object, boolean clears) {
    byte[] set = clears && !keepBlank ? withNulls(row, cells, object) : object;
    byte[] end = row.hasMoreImages() ? removedButImages : removed;
    if (end.length == 1) {
      return set;
    }
    // The end starts with a comma, which an empty object does not take.
    int from = set.length > 2 ? 0 : 1;
    byte[] patch = new byte[set.length - 1 + end.length - from];
    System.arraycopy(set, 0, patch, 0, set.length - 1);
    System.arraycopy(end, from, patch, set.length - 1, end.length - from);
    return patch;
  }

  private byte[] withNulls(CheckedRow row, String[] cells, byte[] object) {
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
