package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.ByteSource;
import dev.waybill.csv.CsvFormat;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.Delimiter;
import dev.waybill.csv.RecordProperties;
import dev.waybill.platform.WarmUpProperties;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRows;
import dev.waybill.product.ProductStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks generated rows after the start, so that Java has compiled this code before the first
 * upload arrives. The rows are written in transactions that are rolled back. Stops as soon as a
 * real import starts, because a real import also makes Java compile the code.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class WarmUp {

  /**
   * The number of rows to check. After this number of rows, the compiler has almost nothing left to
   * compile.
   */
  private static final int ROWS = 200_000;

  private static final Duration AT_MOST = Duration.ofSeconds(5);

  /**
   * The maximum number of rows of one transaction. The number is small, because other threads wait
   * for the connection that writes.
   */
  private static final int ROWS_A_TRANSACTION = 1024;

  private static final int ROWS_A_FILE = 25_000;
  private static final String HEADER =
      "sku,name,description,price,currency,quantity,category,brand,gtin,image_url,Colour\n";

  private final ProductStore products;
  private final WarmUpProperties wanted;
  private final ImportProperties properties;
  private final RecordProperties records;
  private final JsonMapper json;
  private final TransactionOperations transactions;
  private volatile boolean needed = true;

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    if (wanted.warmUp()) {
      Thread.ofPlatform().name("warm-up").daemon().start(this::rehearse);
    }
  }

  /** Stops the warm-up because a real import has started or the service stops. */
  @EventListener(ContextClosedEvent.class)
  void stop() {
    needed = false;
  }

  /** Writes generated rows and returns the number of rows that were written. */
  int rehearse() {
    long begin = System.nanoTime();
    BooleanSupplier goesOn = () -> needed && System.nanoTime() - begin < AT_MOST.toNanos();
    byte[] file = file();
    int rows = 0;
    try {
      while (goesOn.getAsBoolean() && rows < ROWS) {
        rows += rehearse(file, goesOn);
      }
    } catch (IOException | RuntimeException e) {
      if (needed) {
        log.warn("The warm-up failed; the first import will take a little longer", e);
      }
    }
    log.debug("Warmed up with {} rows in {}", rows, Duration.ofNanos(System.nanoTime() - begin));
    return rows;
  }

  private int rehearse(byte[] file, BooleanSupplier goesOn) throws IOException {
    CsvFormat format = new CsvFormat(UTF_8, Delimiter.COMMA);
    ByteSource bytes =
        offset -> new ByteArrayInputStream(file, (int) offset, file.length - (int) offset);
    int rows = 0;
    try (CsvReader reader = CsvReader.open(bytes, file.length, format, records.limits())) {
      HeaderMapping mapping = HeaderMapping.of(reader.header(), Map.of());
      MakeRejections rejects =
          new MakeRejections(properties, ImportStore.Totals.NONE, file.length, json);
      ChunkSource source =
          new ChunkSource(
              reader,
              new GeneralProfile(),
              mapping,
              0,
              products.prepare(mapping, 0),
              properties,
              rejects,
              new RepeatedSkus(properties.threads(), false));
      for (Chunk chunk; goesOn.getAsBoolean() && (chunk = source.next()) != null; ) {
        rehearse(mapping, chunk.accepted(), goesOn);
        Outcome[] outcomes = new Outcome[chunk.accepted().size()];
        Arrays.fill(outcomes, Outcome.CREATED);
        Outcomes.pack(chunk, outcomes);
        rows += outcomes.length;
      }
    }
    return rows;
  }

  private void rehearse(HeaderMapping mapping, ProductRows rows, BooleanSupplier goesOn) {
    for (int from = 0; from < rows.size() && goesOn.getAsBoolean(); from += ROWS_A_TRANSACTION) {
      int to = Math.min(from + ROWS_A_TRANSACTION, rows.size());
      ProductRows some = ProductRows.of(rows.subList(from, to));
      transactions.executeWithoutResult(
          transaction -> {
            products.rehearse(mapping, some);
            transaction.setRollbackOnly();
          });
    }
  }

  /**
   * A file with some cells of every kind and some mistakes of every kind. If the first real import
   * contains a case that this file does not contain, Java must compile the code again. Mistakes are
   * as rare as in most files. With a mistake in every fifth row, the JVM spent half a second of the
   * first import on compiling the code for rejected rows, which that import hardly used.
   */
  private static byte[] file() {
    StringBuilder file = new StringBuilder(HEADER);
    for (int row = 0; row < ROWS_A_FILE; row++) {
      int mistake = row % 400;
      file.append(mistake == 0 ? "" : "W-" + (1_000_000 + row)).append(',');
      file.append(
          switch (mistake) {
            case 1 -> "";
            case 2 -> "5\" pipe";
            default -> one(row, "\"Mug \"\"M\"\", blue\"", "Teapot für Kinder", "\"京都, 茶\"");
          });
      file.append(",\"")
          .append(one(row / 2, "Lasts, it seems.\n", "\"\"Light\"\", they say. ", ""));
      file.append("No. ").append(row).append("\",").append(mistake == 3 ? "ask us" : row % 500);
      file.append(one(row, ".90", ".5", "", ".00")).append(',');
      file.append(mistake == 4 ? "£" : one(row, "EUR", "CHF", "GBP")).append(',');
      file.append(mistake == 5 ? "-" : "").append(row % 1000).append(',');
      file.append(one(row / 3, "Kitchen", "Möbel ", "")).append(',');
      file.append(one(row, "Møllegård", "茶の間", "")).append(',');
      file.append(
          switch (mistake) {
            case 6 -> "4.0E+12";
            case 9 -> "4006381333932";
            default -> one(row, "4006381333931", "96385074", "036000291452");
          });
      file.append(mistake == 7 ? ",ftp" : ",https").append("://images.example.com/").append(row);
      file.append(".jpg,").append(one(row, "grün", "", "oak", "\"12 \"\" wide\""));
      file.append(mistake == 8 ? ",too many" : "").append('\n');
    }
    return file.toString().getBytes(UTF_8);
  }

  private static String one(int row, String... some) {
    return some[row % some.length];
  }
}
