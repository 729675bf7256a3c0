package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class RowChecksTest {

  private static final List<String> EVERY_FIELD =
      Stream.of(Field.values()).map(Field::column).toList();

  record Case(
      Field field,
      String cell,
      @Nullable String stored,
      @Nullable String code,
      @Nullable String detail) {}

  static Stream<Case> cells() throws IOException {
    try (InputStream file = RowChecksTest.class.getResourceAsStream("cells.yaml")) {
      List<Map<String, Object>> cases = new Yaml().load(file);
      return cases.stream()
          .map(
              it -> {
                int repeat = (int) it.getOrDefault("repeat", 1);
                String stored = (String) it.get("stored");
                return new Case(
                    Field.named((String) it.get("field")).orElseThrow(),
                    ((String) it.get("cell")).repeat(repeat),
                    stored == null ? null : stored.repeat(repeat),
                    (String) it.get("code"),
                    (String) it.get("detail"));
              });
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  @Shows({
    "field.sku",
    "field.name",
    "field.description",
    "field.price",
    "field.currency",
    "field.quantity",
    "field.category",
    "field.brand",
    "field.gtin",
    "field.image_url",
    "cell.trimmed",
    "cell.code-points",
    "code.sku-missing",
    "code.sku-length",
    "code.sku-damaged",
    "code.name-missing",
    "code.name-length",
    "code.price",
    "code.currency",
    "code.quantity",
    "code.gtin",
    "code.image-url"
  })
  void judgesEachCell(Case it) {
    String[] cells = Stream.of(Field.values()).map(field -> "").toArray(String[]::new);
    cells[Field.SKU.ordinal()] = "A";
    cells[Field.NAME.ordinal()] = "A name";
    cells[it.field().ordinal()] = it.cell();

    RowResult result = new RowChecks(mapping(EVERY_FIELD)).check(cells);

    switch (result) {
      case RowResult.Accepted(ProductRow row, List<CellNote> _) -> {
        assertThat(it.code()).isNull();
        assertThat(row.value(it.field().ordinal())).isEqualTo(it.stored());
      }
      case RowResult.Rejected(List<RowError> errors) -> {
        assertThat(errors).singleElement().extracting(RowError::code).isEqualTo(it.code());
        RowError error = errors.getFirst();
        assertThat(error.column()).isEqualTo(it.field().column());
        String shown = it.field() == Field.SKU ? Sku.stripped(it.cell()) : it.cell().strip();
        assertThat(error.value()).isEqualTo(RowError.cut(shown, 200));
        if (it.detail() != null) {
          assertThat(error.detail()).isEqualTo(it.detail());
        }
      }
    }
  }

  @Test
  @Shows({"row.errors-all", "row.error"})
  void reportsEveryErrorInTheOrderOfTheColumnsUnderTheirOwnNames() {
    RowChecks checks =
        new RowChecks(mapping(List.of("Price", "Colour", "Image-URL", "S K U", "NAME")));

    RowResult result = checks.check(new String[] {"abc", "red", "x", " ", ""});

    assertThat(((RowResult.Rejected) result).errors())
        .extracting(RowError::column, RowError::code, RowError::value)
        .containsExactly(
            tuple("Price", "price", "abc"),
            tuple("Image-URL", "image-url", "x"),
            tuple("S K U", "sku-missing", ""),
            tuple("NAME", "name-missing", ""));
  }

  @Test
  void cutsAValueAtTwoHundredCodePoints() {
    assertThat(new RowError("a", "price", "", "😀".repeat(200)).value())
        .isEqualTo("😀".repeat(200));
    assertThat(new RowError("a", "price", "", "😀".repeat(201)).value())
        .isEqualTo("😀".repeat(200) + "…");
  }

  @Test
  void attributesAreJsonAndABlankOneIsClearedByThePatch() {
    RowChecks checks = new RowChecks(mapping(List.of("sku", "Say \"é\"", "name", "b\\", "c")));

    ProductRow row =
        ((RowResult.Accepted) checks.check(new String[] {"A", " 1\t\"2\"\n\u0001 ", "n", " ", "/"}))
            .row();

    assertThat(row.attributes())
        .isEqualTo("{\"Say \\\"é\\\"\":\"1\\t\\\"2\\\"\\n\\u0001\",\"c\":\"/\"}");
    assertThat(row.attributesPatch())
        .isEqualTo("{\"Say \\\"é\\\"\":\"1\\t\\\"2\\\"\\n\\u0001\",\"c\":\"/\",\"b\\\\\":null}");
  }

  @Test
  void aRowWithoutAttributesClearsEachOfThem() {
    RowChecks checks = new RowChecks(mapping(List.of("sku", "b\\", "name", "c")));

    for (String[] cells :
        List.of(new String[] {"A", "", "n", " "}, new String[] {"B", "NULL", "n", ""})) {
      ProductRow row = ((RowResult.Accepted) checks.check(cells)).row();
      assertThat(row.attributes()).isEqualTo("{}");
      assertThat(row.attributesPatch()).isEqualTo("{\"b\\\\\":null,\"c\":null}");
    }
  }

  @Test
  void refusesARowOfAnotherWidth() {
    RowChecks checks = new RowChecks(mapping(List.of("sku", "name")));
    assertThatIllegalArgumentException().isThrownBy(() -> checks.check(new String[] {"A"}));
  }

  private static HeaderMapping mapping(List<String> header) {
    return HeaderMapping.of(header, Map.of());
  }
}
