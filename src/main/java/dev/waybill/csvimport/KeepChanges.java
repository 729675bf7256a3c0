package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.product.ChangeSums;
import dev.waybill.product.StoredChanges;
import dev.waybill.product.Writing;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Keeps the values that an import replaces, up to a maximum number of bytes. If this maximum is
 * reached, the import continues but keeps no further values. Then the import cannot be undone, and
 * a notice reports this.
 */
@Component
@RequiredArgsConstructor
class KeepChanges {

  private final ProductWriters writers;
  private final StoredChanges changes;
  private final ChangesProperties properties;

  /**
   * Adds the changes of a chunk to the changes of its job, in the transaction of the chunk. If the
   * changes exceed the room that the job has left, deletes the changes of this chunk and returns a
   * notice.
   */
  Optional<Notice> count(ProductWriter writer, Writing writing) {
    ChangeSums added = changes.sums(writing);
    if (!changes.exceed(writing, added)) {
      writers.add(writer, added);
      return Optional.empty();
    }
    changes.delete(writing);
    writers.cut(writer, added);
    return Optional.of(
        new Notice(
            "changes-not-kept",
            null,
            1,
            List.of(writing.chunk()),
            "The rows replace more than the server keeps. The changes of this row and the later"
                + " ones are not listed, and the job cannot be undone."));
  }

  /**
   * The number of bytes of changes that the next chunk may store, or {@link Writing#NOTHING}. Only
   * one attempt of a job writes chunks, so the number does not change until the chunk is written.
   */
  long room(ProductWriter writer) {
    return writers
        .find(writer.jobId())
        .filter(now -> now.state() == ProductWriter.State.KEPT)
        .map(now -> Math.max(0, properties.maxSize().toBytes() - now.changeBytes()))
        .orElse(Writing.NOTHING);
  }
}
