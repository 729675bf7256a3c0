package dev.waybill.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * An empty file in the upload folder. The name of this marker file contains the ID of the folder.
 * Without the marker, the empty mount point of an unmounted file system would look like a folder
 * whose files were deleted.
 *
 * <p>The ID is in the name and not in the content, because creating a file is atomic on every file
 * system. If several pods start at the same time, each pod can create a marker. All of these
 * markers stay, and the pods agree on one of them.
 */
final class FolderMarker {

  static final String PREFIX = ".waybill-folder-";

  private final Path file;

  private FolderMarker(Path file) {
    this.file = file;
  }

  /**
   * Finds the marker of a folder. If the folder has no marker, creates one.
   *
   * @param agree takes the ID of this folder and returns the ID that the folder must have
   */
  static FolderMarker in(Path folder, UnaryOperator<String> agree) throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> markers = Files.newDirectoryStream(folder, PREFIX + "*")) {
      markers.forEach(marker -> ids.add(idOf(marker)));
    }
    if (ids.isEmpty()) {
      String id = UUID.randomUUID().toString();
      Files.createFile(folder.resolve(PREFIX + id));
      ids.add(id);
    }
    return new FolderMarker(folder.resolve(PREFIX + agree.apply(Collections.min(ids))));
  }

  /**
   * Checks that the folder exists and is the right folder. This check costs one look-up of a file
   * name.
   */
  void check() throws FolderMissingException {
    if (!Files.exists(file)) {
      throw new FolderMissingException(file);
    }
  }

  private static String idOf(Path marker) {
    return marker.getFileName().toString().substring(PREFIX.length());
  }
}
