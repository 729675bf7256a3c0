package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.waybill.contract.Shows;
import dev.waybill.problem.Problem;
import dev.waybill.product.HeaderProblems.HeaderError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            Map.of("artikelnr", Field.SKU, "Brand", Field.CATEGORY));

    assertThat(mapping.asMap().toString()).isEqualTo("{Artikel-Nr=sku, Name=name, Brand=category}");
  }

  @Test
  void isTheSameWhenReadBackFromTheJob() {
    List<String> header = List.of("Titel", "_row", "sku", "x", "_error", "Image");
    HeaderMapping mapping =
        HeaderMapping.of(header, Map.of("Titel", Field.NAME, "Image", Field.IMAGE_URL));

    HeaderMapping stored = HeaderMapping.stored(header, mapping.asMap());

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
    assertThat(HeaderMapping.recognised(List.of("SKU", "x", "Titel"), Map.of("titel", Field.NAME)))
        .isEqualTo(2);
    assertThat(HeaderMapping.recognised(List.of("SKU;x;Titel"), Map.of())).isZero();
  }

  @Test
  @Shows("check.header")
  void refusesBlankAndRepeatedNames() {
    Problem problem = refusal(List.of("sku", "name", "a", " ", "a ", "a", "A"), Map.of());

    assertRefused(problem, "header");
    assertThat(problem.getBody().getDetail())
        .isEqualTo(
            "Column 4 has no name. The name “a” stands twice, in columns 3 and 5. Every column"
                + " needs a name of its own. Found: “sku”, “name”, “a”, “”, “a”, “a”, “A”.");
    assertThat(errors(problem)).extracting(HeaderError::column).containsExactly(null, "a");
  }

  @Test
  @Shows("check.mapping")
  void refusesTwoColumnsOnOneField() {
    Problem problem = refusal(List.of("sku", "name", "Titel"), Map.of("Titel", Field.NAME));

    assertRefused(problem, "mapping");
    assertThat(problem.getBody().getDetail())
        .isEqualTo(
            "The columns “name” and “Titel” are both name; only one can be. Each field takes one"
                + " column, and map=<header>:<field> a column of the file. Found: “sku”, “name”,"
                + " “Titel”.");
    assertRefused(refusal(List.of("sku", "S K U", "name"), Map.of()), "mapping");
  }

  @Test
  void refusesTwoFieldsOnOneColumn() {
    Problem problem =
        refusal(List.of("sku", "name", "Titel"), Map.of("Titel", Field.BRAND, "titel", Field.GTIN));

    assertRefused(problem, "mapping");
    assertThat(errors(problem)).extracting(HeaderError::column).containsExactly("Titel");
  }

  @Test
  void refusesARequestedColumnThatTheFileDoesNotHave() {
    Problem problem = refusal(List.of("sku", "Titel"), Map.of("Title", Field.NAME));

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
  void refusesAFileWithoutARequiredColumnAndSaysWhatWasPerhapsMeant() {
    Problem problem = refusal(List.of("Item No", "Colour", "Titel", "nmae"), Map.of());

    assertRefused(problem, "column-missing");
    assertThat(problem.getBody().getDetail())
        .isEqualTo(
            "The column sku is missing. Did you mean “Item No”? Rename it, or upload with map=Item"
                + " No:sku. The column name is missing. Did you mean “Titel” or “nmae”? Rename it,"
                + " or upload with map=Titel:name. Every file needs the columns sku and name."
                + " Found: “Item No”, “Colour”, “Titel”, “nmae”.");
    assertThat(errors(problem))
        .containsExactly(
            new HeaderError(
                "sku",
                "column-missing",
                "The column sku is missing. Did you mean “Item No”? Rename it, or upload with"
                    + " map=Item No:sku.",
                List.of("Item No", "Colour", "Titel", "nmae"),
                List.of("Item No")),
            new HeaderError(
                "name",
                "column-missing",
                "The column name is missing. Did you mean “Titel” or “nmae”? Rename it, or upload"
                    + " with map=Titel:name.",
                List.of("Item No", "Colour", "Titel", "nmae"),
                List.of("Titel", "nmae")));
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
    for (int i = 0; i < 500; i++) {
      header.add("sku" + "x".repeat(997));
      header.add("");
    }

    Problem problem = refusal(header, Map.of());

    List<HeaderError> errors = errors(problem);
    assertThat(errors).hasSize(20);
    assertThat(errors)
        .allSatisfy(
            error ->
                assertThat(error.found())
                    .filteredOn(n -> !n.isEmpty())
                    .allSatisfy(HeaderMappingTest::hasAtMost200));
    assertThat(JsonMapper.shared().writeValueAsBytes(errors).length).isLessThan(30_000);
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
    Map<String, Field> asked =
        IntStream.range(0, 1000)
            .boxed()
            .collect(Collectors.toMap(i -> "colunm " + i, i -> Field.NAME));

    assertTimeout(
        Duration.ofSeconds(2), () -> assertThat(errors(refusal(header, asked))).hasSize(20));
  }

  private static void hasAtMost200(String name) {
    assertThat(name).hasSizeLessThanOrEqualTo(201).endsWith("…");
  }

  private static Problem refusal(List<String> header, Map<String, Field> requested) {
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
