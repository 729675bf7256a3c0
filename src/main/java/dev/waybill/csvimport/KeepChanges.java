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
 * Keeps the values that an import replaces, up to a number of bytes. If an import exceeds it, the
 * import continues without keeping more. It then says so in a notice, and it cannot be undone.
 */
@Component
@RequiredArgsConstructor
class KeepChanges {

  private final ProductWriters writers;
  private final StoredChanges changes;
  private final ChangesProperties properties;

  /**
   * Counts the changes of a chunk, in its transaction. Returns a notice if they exceed the limit.
   */
  Optional<Notice> count(ProductWriter writer, Writing writing) {
    ChangeSums added = changes.sums(writing);
    long kept = writers.lock(writer.jobId()).map(ProductWriter::changeBytes).orElse(0L);
    if (kept + added.bytes() <= properties.maxSize().toBytes()) {
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

  /** Whether the changes of the next chunk will be kept. */
  boolean keeps(ProductWriter writer) {
    return writers
        .find(writer.jobId())
        .filter(now -> now.state() == ProductWriter.State.KEPT)
        .isPresent();
  }
}
