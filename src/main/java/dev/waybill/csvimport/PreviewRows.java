package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.waybill.csv.CsvReader;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.ShownProduct;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** Reads the first rows of a file in the same way as an import, but writes nothing. */
@Component
@RequiredArgsConstructor
public class PreviewRows {

  private static final int ROWS = 20;

  /** The maximum number of characters of one value. */
  private static final int LONGEST = 1000;

  /**
   * The maximum number of bytes of the file that are read. If rows are long, the result has fewer
   * than {@link #ROWS} rows.
   */
  private static final DataSize MOST_BYTES = DataSize.ofMegabytes(1);

  /**
   * A time limit that is never reached in practice, because the limit in bytes is reached earlier.
   */
  private static final Duration MOST_TIME = Duration.ofSeconds(10);

  private final JsonMapper json;

  /**
   * One row. The list contains no rows that were left out on purpose or were added to the product
   * of an earlier row.
   *
   * @param product the product that would be stored, with values cut at 1,000 characters; null if
   *     the row is rejected
   * @param errors the errors for which the row is rejected
   * @param line the physical line at which a rejected row starts
   * @param original the text of a rejected row, cut at 1,000 characters
   */
  @JsonPropertyOrder({"row", "product", "errors", "line", "original"})
  public record Row(
      long row,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> product,
      @JsonRawValue String errors,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long line,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String original) {}

  /**
   * @param reader a reader that is positioned at the first record after the header
   */
  public List<Row> of(CsvReader reader, ImportPlan plan) throws IOException {
    HeaderMapping mapping = plan.mapping();
    ImportProperties few =
        new ImportProperties(1, ROWS, MOST_BYTES, MOST_TIME, ROWS, MOST_BYTES, MOST_TIME);
    Chunk chunk =
        new ChunkSource(
                reader,
                Profiles.named(plan.format()),
                mapping,
                0,
                UnaryOperator.identity(),
                few,
                new MakeRejections(few, ImportStore.Totals.NONE, MOST_BYTES.toBytes(), json),
                new RepeatedSkus(few.threads(), false))
            .next();
    List<Row> rows = new ArrayList<>();
    if (chunk != null) {
      for (int i = 0; i < Math.min(ROWS, chunk.accepted().size()); i++) {
        rows.add(
            new Row(
                chunk.acceptedRows()[i],
                ShownProduct.of(mapping, chunk.accepted().get(i), LONGEST),
                "[]",
                null,
                null));
      }
      for (Rejection rejection : chunk.rejections()) {
        rows.add(
            new Row(
                rejection.row(),
                null,
                rejection.errors(),
                rejection.line(),
                CutText.to(LONGEST, rejection.original())));
      }
    }
    rows.sort(Comparator.comparingLong(Row::row));
    return rows.subList(0, Math.min(ROWS, rows.size()));
  }
}
