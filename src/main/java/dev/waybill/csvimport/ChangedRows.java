package dev.waybill.csvimport;

import dev.waybill.answer.AnswerMemory;
import dev.waybill.product.ChangeFilter;
import dev.waybill.product.Outcome;
import dev.waybill.product.StoredChanges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Reads the changes that the rows of an import made, in the order of the file. The changes are
 * stored without row numbers. The row numbers come from the journal, which has one entry for each
 * committed chunk.
 */
@Component
@RequiredArgsConstructor
class ChangedRows {

  private final ImportStore store;
  private final StoredChanges changes;

  /**
   * The next changed rows after a row number; empty only if there are no more. Each call unpacks
   * the outcomes of its chunk again. To keep the unpacked outcomes between calls would take up to
   * 2.5 MB for every client that reads slowly.
   *
   * @param most the maximum number of rows to return; fewer if their values are large
   */
  List<ChangedRow> after(ProductWriter writer, ChangeFilter filter, long row, int most) {
    long after = row;
    Optional<ImportStore.JournalRow> chunk;
    while ((chunk = chunkAfter(writer, filter, after)).isPresent()) {
      List<ChangedRow> rows = rows(writer, chunk.get(), filter, after, most);
      if (!rows.isEmpty()) {
        return rows;
      }
      after = chunk.get().lastRow();
    }
    return List.of();
  }

  /**
   * The first chunk with a change that matches the filter. The search starts with the chunk of the
   * row after the given row.
   */
  private Optional<ImportStore.JournalRow> chunkAfter(
      ProductWriter writer, ChangeFilter filter, long row) {
    Optional<ImportStore.JournalRow> next = store.journalAfter(writer.jobId(), row);
    if (next.isEmpty()) {
      return next;
    }
    OptionalLong chunk = changes.chunkFrom(writer.number(), next.get().firstRow(), filter);
    if (chunk.isEmpty()) {
      return Optional.empty();
    }
    return chunk.getAsLong() == next.get().firstRow()
        ? next
        : store.journalAfter(writer.jobId(), chunk.getAsLong() - 1);
  }

  private List<ChangedRow> rows(
      ProductWriter writer,
      ImportStore.JournalRow chunk,
      ChangeFilter filter,
      long after,
      int most) {
    Map<Long, Long> rowsById = new HashMap<>();
    List<Long> ids = new ArrayList<>();
    Map<String, Queue<StoredChanges.Found>> found = bySku(writer, chunk, filter);
    for (Outcomes.Accepted accepted :
        Outcomes.unpack(chunk.firstRow(), chunk.outcomes(), 0, Integer.MAX_VALUE)) {
      if (accepted.result() != Outcome.UPDATED || ids.size() == most) {
        continue;
      }
      // If a chunk has several updated rows with the same sku, each of them takes the next stored
      // change of this sku.
      Queue<StoredChanges.Found> ofSku = found.get(accepted.sku());
      StoredChanges.Found change = ofSku == null ? null : ofSku.poll();
      if (change != null && change.wanted() && accepted.row() > after) {
        ids.add(change.id());
        rowsById.put(change.id(), accepted.row());
      }
    }
    if (ids.isEmpty()) {
      return List.of();
    }
    return changes.read(ids, filter, AnswerMemory.PART_BYTES).stream()
        .map(
            change ->
                new ChangedRow(
                    Objects.requireNonNull(rowsById.get(change.id())),
                    change.sku(),
                    change.changes()))
        .toList();
  }

  private Map<String, Queue<StoredChanges.Found>> bySku(
      ProductWriter writer, ImportStore.JournalRow chunk, ChangeFilter filter) {
    Map<String, Queue<StoredChanges.Found>> bySku = new HashMap<>();
    for (StoredChanges.Found change : changes.inChunk(writer.number(), chunk.firstRow(), filter)) {
      bySku.computeIfAbsent(change.sku(), _ -> new ArrayDeque<>(1)).add(change);
    }
    return bySku;
  }
}
