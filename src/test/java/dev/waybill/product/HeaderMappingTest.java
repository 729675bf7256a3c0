package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.waybill.contract.Shows;
import dev.waybill.problem.Problem;
import dev.waybill.product.HeaderProblems.HeaderError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class HeaderMappingTest {

  @ParameterizedTest
  @CsvSource({
    "SKU,sku",
    "s-k_u,sku",
    "Image URL,image_url",
    "imageUrl,image_url",
    "IMAGE-url,image_url",
    "Name,name",
    "GTIN,gtin"
  })
  @Shows("field.header-names")
  void aHeaderIsAFieldWithoutRegardToCaseSpacesUnderscoresAndHyphens(String header, String field) {
    assertThat(Field.named(header).map(Field::column)).contains(field);
  }

  @Test
  void mapsFieldsAndKeepsTheOtherColumnsInFileOrder() {
    HeaderMapping mapping = HeaderMapping.of(List.of(" SKU ", "Colour", "Name"), Map.of());

    assertThat(mapping.header()).containsExactly("SKU", "Colour", "Name");
    assertThat(mapping.asMap().toString()).isEqualTo("{SKU=sku, Colour=null, Name=name}");
    assertThat(mapping.returned()).isFalse();
  }

  @Test
  void aRequestedColumnWinsOverItsOwnName() {
    HeaderMapping mapping =
        HeaderMapping.of(
            List.of("Artikel-Nr", "Name", "Brand"),
            Map.of("artikelnr", as(Field.SKU), "Brand", as(Field.CATEGORY)));

    assertThat(mapping.asMap().toString()).isEqualTo("{Artikel-Nr=sku, Name=name, Brand=category}");
  }

  @Test
  void isTheSameWhenReadBackFromTheJob() {
    List<String> header = List.of("Titel", "_row", "sku", "x", "_error", "Image");
    HeaderMapping mapping =
        HeaderMapping.of(header, Map.of("Titel", as(Field.NAME), "Image", as(Field.IMAGE_URL)));

    HeaderMapping stored =
        HeaderMapping.stored(header, mapping.asMap(), ReadingRules.USUAL, Set.of());

    assertThat(stored).usingRecursiveComparison().isEqualTo(mapping);
  }

  @Test
  @Shows("csv.ignored-columns")
  void ignoresTheColumnsThatAnExportOfRejectionsAdded() {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name", "_row", "_error"), Map.of());

    assertThat(mapping.returned()).isTrue();
    assertThat(mapping.asMap()).containsOnlyKeys("sku", "name");
    assertThat(mapping.ignores(1)).isFalse();
    assertThat(mapping.ignores(2)).isTrue();
    assertThat(mapping.hasAttributes()).isFalse();
  }

  @Test
  void keepsOneOfThoseColumnsAloneAsAnAttribute() {
    HeaderMapping mapping = HeaderMapping.of(List.of("sku", "name", "_row"), Map.of());

    assertThat(mapping.returned()).isFalse();
    assertThat(mapping.asMap()).containsOnlyKeys("sku", "name", "_row");
  }

  @Test
  void countsWhatItRecognises() {
    assertThat(HeaderMapping.recognised(List.of("SKU", "x", "y"), Set.of("Y"))).isEqualTo(2);
    assertThat(HeaderMapping.recognised(List.of("SKU;x;Titel"), Set.of())).isZero();
  }

  @Test
  @Shows("check.header.names")
  void namesEachColumnOnce() {
    List<String> header = List.of("sku", "name", "a", " ", "a ", "a", "A", "image", "image");

    MapColumns.Mapped mapped = MapColumns.of(header, Map.of(), HeaderSample.none());

    assertThat(mapped.mapping().header())
        .containsExactly(
            "sku", "name", "a", "column-4", "a (2)", "a (3)", "A", "image", "image (2)");
    assertThat(mapped.mapping().has(Field.IMAGE_URL)).isFalse();
    assertThat(mapped.unread()).containsEntry(Field.IMAGE_URL, List.of("image", "image (2)"));
    assertThat(mapped.unknown())
        .containsExactly("a", "column-4", "a (2)", "a (3)", "A", "image", "image (2)");
  }

  @Test
  @Shows("check.mapping")
  void anExplicitColumnWinsOverARecognisedName() {
    HeaderMapping mapping =
        HeaderMapping.of(
            List.of("sku", "name", "title", "Image", "Image", "Brand", "x"),
            Map.of(
                "title",
                as(Field.NAME),
                "Image#2",
                as(Field.IMAGE_URL),
                "Brand",
                ColumnUse.ATTRIBUTE,
                "x",
                ColumnUse.IGNORED));

    assertThat(mapping.asMap().toString())
        .isEqualTo("{sku=sku, name=null, title=name, Image=null, Image (2)=image_url, Brand=null}");
    assertThat(mapping.ignores(6)).isTrue();
  }

  @Test
  void refusesTwoColumnsOnOneField() {
    Problem problem =
        refusal(
            List.of("sku", "Titel", "title"),
            Map.of("Titel", as(Field.NAME), "title", as(Field.NAME)));

    assertRefused(problem, "mapping");
    assertThat(problem.getBody().getDetail()).contains("are both name; only one can be.");
    assertRefused(refusal(List.of("sku", "S K U", "name"), Map.of()), "mapping");
    assertRefused(refusal(List.of("sku", "sku", "name"), Map.of()), "mapping");
  }

  @Test
  void refusesTwoFieldsOnOneColumn() {
    Problem problem =
        refusal(
            List.of("sku", "name", "Titel"),
            Map.of("Titel", as(Field.BRAND), "titel", as(Field.GTIN)));

    assertRefused(problem, "mapping");
    assertThat(errors(problem)).extracting(HeaderError::column).containsExactly("Titel");
  }

  @Test
  void refusesARequestedColumnThatTheFileDoesNotHave() {
    Problem problem = refusal(List.of("sku", "Titel"), Map.of("Title", as(Field.NAME)));

    assertRefused(problem, "mapping");
    assertThat(problem.getBody().getDetail())
        .isEqualTo(
            "map= names the column “Title”, which the file does not have. Did you mean “Titel”?"
                + " Each field takes one column, and map=<header>:<field> a column of the file."
                + " Found: “sku”, “Titel”.");
    assertThat(errors(problem))
        .extracting(HeaderError::nearMatches)
        .containsExactly(List.of("Titel"));
  }

  @Test
  @Shows("check.columns")
  void refusesAFileWithoutASkuAndSaysWhatWasPerhapsMeant() {
    Problem problem = refusal(List.of("Id", "Colour", "skuu", "Old SKU"), Map.of());

    assertRefused(problem, "column-missing");
    assertThat(problem.getBody().getDetail())
        .isEqualTo(
            "The column sku is missing. Did you mean “skuu” or “Old SKU” or “Id”? Rename it, or"
                + " upload with map=skuu:sku. Every file needs the column sku. Found: “Id”,"
                + " “Colour”, “skuu”, “Old SKU”.");
    assertThat(errors(problem))
        .extracting(HeaderError::column, HeaderError::nearMatches)
        .containsExactly(tuple("sku", List.of("skuu", "Old SKU", "Id")));
  }

  @Test
  void neverSuggestsAColumnThatWouldMergeRows() {
    List<String> header = List.of("Id", "Model", "Colour");
    HeaderSample sample = new HeaderSample(header, Map.of());
    for (int row = 0; row < 30; row++) {
      sample.add(new String[] {"" + row, "M" + row / 10, "red"});
    }

    Problem problem =
        Objects.requireNonNull(
            catchThrowableOfType(Problem.class, () -> MapColumns.of(header, Map.of(), sample)));

    assertThat(errors(problem)).extracting(HeaderError::nearMatches).containsExactly(List.of("Id"));
  }

  @Test
  void aSynonymIsNoFieldWhereItsCellsAreSomethingElse() {
    List<String> header = List.of("sku", "name", "Bild", "Bestand");
    HeaderSample sample = new HeaderSample(header, Map.of());
    sample.add(new String[] {"A", "a", "a.jpg", "in stock"});

    MapColumns.Mapped mapped = MapColumns.of(header, Map.of(), sample);

    assertThat(mapped.mapping().asMap().toString())
        .isEqualTo("{sku=sku, name=name, Bild=null, Bestand=null}");
    assertThat(mapped.unread())
        .containsEntry(Field.IMAGE_URL, List.of("Bild"))
        .containsEntry(Field.QUANTITY, List.of("Bestand"));
  }

  @Test
  void saysThatTheDelimiterMayBeWrongWhereOneColumnWasFound() {
    Problem problem = refusal(List.of("sku!name!price"), Map.of());

    assertRefused(problem, "column-missing");
    assertThat(problem.getBody().getDetail()).contains("delimiter=semicolon, tab or pipe");
  }

  @Test
  void staysReadableForAHugeHeader() {
    List<String> header = IntStream.range(0, 1000).mapToObj(i -> "c" + i).toList();

    Problem problem = refusal(header, Map.of());

    assertThat(problem.getBody().getDetail()).endsWith("“c29” and 970 more.").hasSizeLessThan(500);
  }

  @Test
  void anAnswerIsSmallWhateverTheHeaderSays() {
    List<String> header = new ArrayList<>();
    Map<String, ColumnUse> asked = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      header.add("c" + i + "x".repeat(990));
      asked.put("d" + i + "x".repeat(990), as(Field.NAME));
    }

    Problem problem = refusal(header, asked);

    List<HeaderError> errors = errors(problem);
    assertThat(errors).hasSize(20);
    assertThat(errors)
        .allSatisfy(error -> assertThat(error.found()).allSatisfy(HeaderMappingTest::hasAtMost200));
    assertThat(JsonMapper.shared().writeValueAsBytes(errors).length).isLessThan(40_000);
    assertThat(problem.getBody().getDetail()).hasSizeLessThan(6_000);
  }

  @Test
  void aSingleErrorNamesAtMostAHundredColumns() {
    List<String> header = new ArrayList<>(IntStream.range(0, 999).mapToObj(i -> "c" + i).toList());
    header.add("name");

    assertThat(errors(refusal(header, Map.of())))
        .singleElement()
        .satisfies(error -> assertThat(error.found()).hasSize(100).contains("c0", "c99"));
  }

  @Test
  void aThousandMappingsOfAThousandColumnsAreComparedInNoTime() {
    List<String> header = IntStream.range(0, 1000).mapToObj(i -> "column " + i).toList();
    Map<String, ColumnUse> asked =
        IntStream.range(0, 1000)
            .boxed()
            .collect(Collectors.toMap(i -> "colunm " + i, i -> as(Field.NAME)));

    assertTimeout(
        Duration.ofSeconds(2), () -> assertThat(errors(refusal(header, asked))).hasSize(20));
  }

  private static ColumnUse as(Field field) {
    return new ColumnUse.AsField(field);
  }

  private static void hasAtMost200(String name) {
    assertThat(name).hasSizeLessThanOrEqualTo(201).endsWith("…");
  }

  private static Problem refusal(List<String> header, Map<String, ColumnUse> requested) {
    return Objects.requireNonNull(
        catchThrowableOfType(Problem.class, () -> HeaderMapping.of(header, requested)));
  }

  private static void assertRefused(Problem problem, String name) {
    assertThat(problem.getStatusCode().value()).isEqualTo(422);
    assertThat(problem.getBody().getType()).hasToString("urn:waybill:problem:" + name);
  }

  @SuppressWarnings("unchecked")
  private static List<HeaderError> errors(Problem problem) {
    return (List<HeaderError>)
        Objects.requireNonNull(problem.getBody().getProperties()).get("errors");
  }
}
