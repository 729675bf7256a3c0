package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.product.NumberFormat.Decimal;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class NumberColumnTest {

  static Stream<Map<String, Object>> columns() throws IOException {
    try (InputStream file = NumberColumnTest.class.getResourceAsStream("numbers.yaml")) {
      List<Map<String, Object>> columns = new Yaml().load(file);
      return columns.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("columns")
  @Shows("code.number-undecided")
  void readsAColumnInOneWay(Map<String, Object> column) {
    Field field = Field.named((String) column.getOrDefault("field", "price")).orElseThrow();
    NumberSample sample = new NumberSample();
    List<String> cells = new ArrayList<>(texts(column, "cells"));
    cells.forEach(sample::add);
    String decimal = (String) column.get("decimal");
    NumberFormat format =
        decimal == null
            ? sample.format()
            : NumberFormat.requested(Decimal.valueOf(decimal.toUpperCase(Locale.ROOT)));
    if (column.containsKey("asked")) {
      assertThat(format).isNull();
      assertThat(sample.undecidedCell()).isEqualTo(column.get("asked"));
      return;
    }
    Objects.requireNonNull(format);
    cells.addAll(texts(column, "later"));
    RowChecks checks =
        new RowChecks(
            HeaderMapping.of(List.of("sku", "name", field.column(), "currency"), Map.of())
                .with(new ReadingRules(format, format, false, false, false, false, null)));

    assertThat(cells.stream().map(cell -> stored(checks, field, cell)))
        .containsExactlyElementsOf(texts(column, "stored"));
  }

  private static @Nullable String stored(RowChecks checks, Field field, String cell) {
    return switch (checks.check(new String[] {"SKU-123", "A name", cell, ""})) {
      case RowResult.Accepted(ProductRow row, List<CellNote> _) ->
          row.value(field == Field.PRICE ? 2 : 3);
      case RowResult.Rejected(List<RowError> errors) -> "!" + errors.getFirst().code();
    };
  }

  @SuppressWarnings("unchecked")
  private static List<@Nullable String> texts(Map<String, Object> column, String name) {
    return (List<@Nullable String>) column.getOrDefault(name, List.of());
  }
}
