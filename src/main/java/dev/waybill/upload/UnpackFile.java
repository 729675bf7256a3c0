package dev.waybill.upload;

import dev.waybill.csv.RecordProperties;
import dev.waybill.csv.TextSniffer;
import dev.waybill.csv.TextVerdict;
import dev.waybill.file.DiskFullException;
import dev.waybill.file.Draft;
import dev.waybill.file.StoredFiles;
import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import dev.waybill.sheet.Archived;
import dev.waybill.sheet.ConvertSheet;
import dev.waybill.sheet.ConvertedSheet;
import dev.waybill.sheet.InflateBudget;
import dev.waybill.sheet.SheetException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Converts a ZIP file to a text file with a table. If the ZIP file is an archive, extracts its only
 * table. If it is a workbook, converts one of its sheets. The text is stored instead of the ZIP
 * file, so an import can read it like any other file.
 */
@Slf4j
@Component
final class UnpackFile {

  /**
   * The heap that one conversion needs, in bytes. A conversion needs this memory for the list of
   * entries, for caches and for the first rows.
   */
  private static final long HEAP_BYTES_EACH = 24 << 20;

  /** The share of the heap that all conversions together may take. */
  private static final double HEAP_SHARE = 0.125;

  private static final int MOST_AT_ONCE = 8;
  private static final int PATIENCE_SECONDS = 60;
  private static final int BUFFER_BYTES = 16 << 10;

  private final UploadProperties properties;
  private final RecordProperties records;
  private final StoredFiles files;
  private final Semaphore turns;

  @Autowired
  UnpackFile(UploadProperties properties, RecordProperties records, StoredFiles files) {
    this.properties = properties;
    this.records = records;
    this.files = files;
    int atOnce = HeapBudget.ofThisProcess().count(HEAP_SHARE, HEAP_BYTES_EACH, MOST_AT_ONCE);
    this.turns = new Semaphore(atOnce);
    log.info("Workbooks and archives that are converted at once: at most {}", atOnce);
  }

  /**
   * The result of a conversion: a file that can be read as text, and the drafts that the conversion
   * created.
   */
  final class Unpacked implements AutoCloseable {

    private final List<Draft> drafts = new ArrayList<>();
    private ReceivedFile file;

    private Unpacked(ReceivedFile file) {
      this.file = file;
    }

    ReceivedFile file() {
      return file;
    }

    private Draft draft(IntConsumer beforeWrite) throws IOException {
      Draft draft = new CountingDraft(files.begin(), beforeWrite);
      drafts.add(draft);
      return draft;
    }

    @Override
    public void close() {
      for (Draft draft : drafts) {
        try {
          draft.close();
        } catch (IOException e) {
          log.warn("Could not delete a draft. The sweeper deletes it later: {}", e.toString());
        }
      }
    }
  }

  /**
   * Converts a ZIP file. Any other file is returned unchanged.
   *
   * @param sheet the sheet of a workbook; null for the first sheet that is not hidden
   * @param beforeWrite gets the number of bytes before each write, and may refuse the write
   * @throws Problem 400 {@code parameter}, 413 {@code too-large}, 415 {@code not-text} or 503
   */
  Unpacked unpack(ReceivedFile file, @Nullable String sheet, IntConsumer beforeWrite) {

    Unpacked unpacked = new Unpacked(file);
    if (!(file.verdict() instanceof TextVerdict.Archive)) {
      return unpacked;
    }
    awaitTurn();
    try {
      unpack(unpacked, sheet, beforeWrite);
      return unpacked;
    } catch (SheetException e) {
      unpacked.close();
      throw refusal(e);
    } catch (DiskFullException e) {
      unpacked.close();
      throw StorageProblems.diskFull(e);
    } catch (IOException e) {
      unpacked.close();
      throw StorageProblems.unusable(e);
    } catch (RuntimeException | Error e) {
      unpacked.close();
      throw e;
    } finally {
      turns.release();
    }
  }

  private void awaitTurn() {
    try {
      if (turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw BusyProblems.busy(
        "Other workbooks are being converted. Try again later.", PATIENCE_SECONDS);
  }

  private void unpack(Unpacked unpacked, @Nullable String sheet, IntConsumer beforeWrite)
      throws IOException {
    ReceivedFile sent = unpacked.file;
    InflateBudget budget =
        new InflateBudget(
            properties.maxSize().toBytes(),
            properties.maxInflateRatio(),
            ReceiveFile.FREE_OF_RATIO,
            sent.size());
    Archived archived = Archived.of(sent.draft()::open, sent.size(), budget);
    if (archived instanceof Archived.Table table) {
      unpacked.file = extracted(unpacked, table, beforeWrite);
      if (!(unpacked.file.verdict() instanceof TextVerdict.Archive)) {
        return;
      }
      Draft inner = unpacked.file.draft();
      archived = Archived.of(inner::open, inner.size(), budget);
    }
    switch (archived) {
      case Archived.Book book -> unpacked.file = converted(unpacked, book, sheet, beforeWrite);
      case Archived.Table _ ->
          throw NotTextProblem.of(
              "It is a ZIP archive within a ZIP archive. Send the table alone.");
    }
  }

  private static ReceivedFile extracted(
      Unpacked unpacked, Archived.Table table, IntConsumer beforeWrite) throws IOException {
    ReceivedFile sent = unpacked.file;
    Draft draft = unpacked.draft(beforeWrite);
    TextSniffer sniffer = new TextSniffer();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = table.open()) {
      int length;
      while ((length = in.readNBytes(buffer, 0, buffer.length)) > 0) {
        draft.write(buffer, 0, length);
        sniffer.update(buffer, 0, length);
      }
    }
    return new ReceivedFile(
        draft, sent.name(), sent.sha256(), sniffer, sent.charset(), sent.size(), null);
  }

  private ReceivedFile converted(
      Unpacked unpacked, Archived.Book book, @Nullable String sheet, IntConsumer beforeWrite)
      throws IOException {
    ReceivedFile sent = unpacked.file;
    Draft text = unpacked.draft(beforeWrite);
    ConvertedSheet converted;
    try (Draft strings = new CountingDraft(files.begin(), beforeWrite)) {
      converted =
          book.convert(
              new ConvertSheet(
                  sheet,
                  strings,
                  text,
                  records.limits().maxSizeBytes(),
                  properties.maxSize().toBytes()));
    }
    return new ReceivedFile(
        text, sent.name(), sent.sha256(), new TextSniffer(), null, sent.size(), converted);
  }

  private static Problem refusal(SheetException e) {
    String detail = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case UNREADABLE -> NotTextProblem.of(detail);
      case UNKNOWN_SHEET -> Problem.parameter(detail);
      case TOO_LARGE ->
          Problem.of(HttpStatus.CONTENT_TOO_LARGE, "too-large", "The file is too large", detail);
    };
  }
}
