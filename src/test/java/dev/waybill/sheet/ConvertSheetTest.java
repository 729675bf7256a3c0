package dev.waybill.sheet;

import static dev.waybill.sheet.WorkbookBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.waybill.csv.Notice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Converts valid and invalid workbooks to text. */
class ConvertSheetTest {

  private static final int LONGEST_ROW = 1 << 20;
  private static final int MAX_BYTES = 8 << 20;

  private record Converted(String text, ConvertedSheet sheet) {}

  @Test
  void writesEachRowOnTheLineOfItsNumber() throws IOException {
    WorkbookBuilder book = new WorkbookBuilder();
    book.sheet(
        "Products",
        "<row r=\"2\">%s%s</row><row r=\"5\">%s%s</row>"
            .formatted(
                book.text("A2", "sku"),
                book.text("B2", "name"),
                book.text("A5", "A-1"),
                book.text("B5", "a \"wide\", blue\nmug \\ cup")));

    assertThat(text(book))
        .isEqualTo("\nsku,name\n\n\nA-1,\"a \"\"wide\"\", blue\\nmug \\\\ cup\"\n");
  }

  @Test
  void fillsRowsThatEndEarlyAndCutsThoseWithBlankEnds() throws IOException {
    WorkbookBuilder book = new WorkbookBuilder();
    book.sheet(
        "S",
        "<row>%s%s%s</row><row>%s<c r=\"B2\" s=\"0\"/><c r=\"XFD2\"/></row>"
            .formatted(
                book.text("A1", "sku"),
                book.text("B1", "name"),
                book.text("C1", "price"),
                book.text("A2", "A-1")));

    assertThat(text(book)).isEqualTo("sku,name,price\nA-1,,\n");
  }

  @Test
  void readsAllKindsOfCells() throws IOException {
    WorkbookBuilder book = new WorkbookBuilder();
    book.sheet(
        "S",
        "<row r=\"1\">"
            + number("A1", "4.00638133393E+12")
            + "<c r=\"B1\" t=\"b\"><v>1</v></c><c r=\"C1\" t=\"e\"><v>#N/A</v></c><c r=\"D1\""
            + " t=\"str\"><f>A1&amp;B1</f><v>a&amp;b</v></c><c r=\"E1\""
            + " t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>hint</t></rPh></is></c>"
            + book.number("F1", "45366", "#14")
            + "<c r=\"G1\"><f>1+1</f><v>2</v></c>"
            + "<c r=\"H1\"><f>1+1</f></c>"
            + "<c r=\"I1\" t=\"d\"><v>2024-03-15T00:00:00Z</v></c>"
            + "<c r=\"J1\" t=\"str\"><v>line_x000D__x000A_end</v></c>"
            + book.number("K1", "0.19", "0%")
            + "</row>");

    Converted converted = converted(book.bytes(), null);

    assertThat(converted.text())
        .isEqualTo(
            "4006381333930,TRUE,#N/A,a&b,inline,2024-03-15,2,#VALUE!,2024-03-15,\"line\\r"
                + "\\n"
                + "end\",19%\n");
    assertThat(codes(converted)).containsExactly("formula-unknown");
  }

  /** Libraries that write workbooks without calculating leave the result of a formula empty. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<c r='B1'><f>C2*1.19</f><v /></c>",
        "<c r='B1'><f>C2*1.19</f><v></v></c>",
        "<c r='B1'><f>C2*1.19</f><v> </v></c>",
        "<c r='B1' t='n'><f>C2*1.19</f><v/></c>",
        "<c r='B1' t='e'><f>C2*1.19</f><v/></c>",
        "<c r='B1' t='str'><f>C2</f></c>",
        "<c r='B1'><f t='shared' si='0'/><v/></c>"
      })
  void aFormulaWithoutAStoredResultIsAnErrorAndNoBlankCell(String cell) throws IOException {
    Converted converted =
        converted(
            new WorkbookBuilder()
                .sheet("S", "<row>%s%s</row>".formatted(number("A1", "1"), cell))
                .bytes(),
            null);

    assertThat(converted.text()).isEqualTo("1,#VALUE!\n");
    assertThat(codes(converted)).containsExactly("formula-unknown");
  }

  @Test
  void aFormulaWhoseStoredResultIsAnEmptyTextIsABlankCell() throws IOException {
    Converted converted =
        converted(
            new WorkbookBuilder()
                .sheet(
                    "S",
                    "<row>%s<c r='B1' t='str'><f>\"\"</f><v></v></c></row>"
                        .formatted(number("A1", "1")))
                .bytes(),
            null);

    assertThat(converted.text()).isEqualTo("1\n");
    assertThat(codes(converted)).isEmpty();
  }

  @Test
  void countsDaysFrom1904WhereTheWorkbookSaysSo() throws IOException {
    WorkbookBuilder book = new WorkbookBuilder().from1904();
    book.sheet("S", "<row>" + book.number("A1", "43904", "yyyy-mm-dd") + "</row>");

    assertThat(text(book)).isEqualTo("2024-03-15\n");
  }

  @Test
  void readsTheFirstVisibleSheetOrTheNamedOne() throws IOException {
    byte[] book =
        new WorkbookBuilder()
            .table("Lists", List.of(List.of("hidden")))
            .table("Products", List.of(List.of("first")))
            .table("2024", List.of(List.of("second")))
            .hideFirst()
            .bytes();

    assertThat(converted(book, null).text()).isEqualTo("first\n");
    assertThat(codes(converted(book, null))).containsExactly("sheet");
    assertThat(converted(book, "products").text()).isEqualTo("first\n");
    assertThat(codes(converted(book, "products"))).isEmpty();
    assertThat(converted(book, "2024").text()).isEqualTo("second\n");
    assertThat(converted(book, "1").text()).isEqualTo("hidden\n");
    assertThatThrownBy(() -> converted(book, "Stock"))
        .isInstanceOf(SheetException.class)
        .hasMessage("The workbook has no sheet “Stock”. It has 3: “Lists”, “Products”, “2024”.")
        .extracting(e -> ((SheetException) e).kind())
        .isEqualTo(SheetException.Kind.UNKNOWN_SHEET);
  }

  @Test
  void knowsWhichColumnsHoldTextsThatLookLikeNumbers() throws IOException {
    Converted converted =
        converted(
            new WorkbookBuilder()
                .table(
                    "S",
                    List.of(List.of("sku", "price"), List.of("A", "1.234"), List.of("B", "12,90")))
                .bytes(),
            null);

    assertThat(converted.sheet().numbers()).containsExactly(1);
    assertThat(converted.sheet().textNumbers()).containsExactly(1);
  }

  @Test
  void countsHiddenRows() throws IOException {
    Converted converted =
        converted(
            new WorkbookBuilder()
                .sheet(
                    "S",
                    "<row>%s</row><row hidden=\"1\">%s</row>"
                        .formatted(number("A1", "1"), number("A2", "2")))
                .bytes(),
            null);

    assertThat(codes(converted)).containsExactly("rows-hidden");
  }

  @Test
  void keepsManySharedStringsOutOfTheHeap() throws IOException {
    WorkbookBuilder book = new WorkbookBuilder();
    StringBuilder rows = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      rows.append("<row>").append(book.text("A" + (i + 1), "text " + i)).append("</row>");
      expected.append("text ").append(i).append('\n');
    }
    rows.append("<row><c r=\"A20001\" t=\"s\"><v>3</v></c></row>");

    assertThat(text(book.sheet("S", rows.toString()))).isEqualTo(expected + "text 3\n");
  }

  @Test
  void answersSparseRowsInBoundedSpace() throws IOException {
    assertThat(
            text(
                new WorkbookBuilder()
                    .sheet(
                        "S",
                        "<row r=\"1\">%s</row><row r=\"1048576\">%s</row>"
                            .formatted(number("A1", "1"), number("A1048576", "2")))))
        .hasSize(1_048_575 + 3);
    assertThatThrownBy(
            () ->
                converted(
                    new WorkbookBuilder()
                        .sheet(
                            "S",
                            "<row><c r=\"XFD1\"><v>1</v></c></row>"
                                + "<row><c><v>1</v></c></row>".repeat(1000))
                        .bytes(),
                    null))
        .isInstanceOf(SheetException.class)
        .hasMessageContaining("waybill.upload.max-size");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<row r=\"0\"><c><v>1</v></c></row>",
        "<row r=\"1048577\"><c><v>1</v></c></row>",
        "<row r=\"99999999999999\"><c><v>1</v></c></row>",
        "<row r=\"-1\"><c><v>1</v></c></row>",
        "<row r=\"2\"/><row r=\"2\"/>",
        "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"AAAAAAAA1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>7</v></c></row>",
        "<row><c t=\"s\"><v>-1</v></c></row>",
        "<row><c t=\"zip\"><v>1</v></c></row>",
        "<row><c>",
        "<row></c></row>",
        "<row><c t='str'><v>&nbsp;</v></c></row>",
        "<row><c t='str'><v>&#x110000;</v></c></row>",
        "<row><c t='str'><v>&#xZZ;</v></c></row>"
      })
  void refusesASheetThatIsDamaged(String rows) {
    assertThatThrownBy(() -> text(new WorkbookBuilder().sheet("S", rows)))
        .isInstanceOf(SheetException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void knowsNoDocumentTypeAndNoEntities() {
    String attack =
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c"
            + " t=\"str\"><v>&e;</v></c></row></sheetData></worksheet>";

    assertThatThrownBy(
            () ->
                text(new WorkbookBuilder().sheet("S", "").part("xl/worksheets/sheet1.xml", attack)))
        .isInstanceOf(SheetException.class)
        .hasMessageContaining("document type declaration");
  }

  @Test
  void readsWhatXmlAllows() throws IOException {
    String sheet =
        "\uFEFF<?xml version='1.0'?><!-- > -- --><x:worksheet xmlns:x='m'><x:dimension"
            + " ref='A1:XFD1048576'/><x:sheetData><x:row><x:c"
            + " t='str'><x:v><![CDATA[a<b]]>&#65;&#x42;</x:v></x:c></x:row></x:sheetData></x:worksheet>";

    assertThat(text(new WorkbookBuilder().sheet("S", "").part("xl/worksheets/sheet1.xml", sheet)))
        .isEqualTo("a<bAB\n");
  }

  @Test
  void namesTheLimitThatALongNameAttributeOrTextExceeds() {
    for (String rows :
        List.of(
            "<" + "x".repeat(300) + "/>",
            "<x y=\"" + "z".repeat(40_000) + "\"/>",
            "<x>".repeat(100))) {
      assertThatThrownBy(() -> text(new WorkbookBuilder().sheet("S", rows)))
          .isInstanceOf(SheetException.class)
          .hasMessageContaining("more than");
    }
    String longText = "<row><c t=\"str\"><v>" + "z".repeat(LONGEST_ROW + 1) + "</v></c></row>";
    assertThatThrownBy(() -> text(new WorkbookBuilder().sheet("S", longText)))
        .hasMessageContaining("waybill.record.max-size");
  }

  @Test
  void countsWhatAllPartsInflateTo() {
    byte[] book = new WorkbookBuilder().sheet("S", " ".repeat(100_000)).bytes();

    assertThatThrownBy(
            () -> converted(book, null, new InflateBudget(100_000, 200, 1 << 24, book.length)))
        .hasMessageContaining("waybill.upload.max-size");
    assertThatThrownBy(() -> converted(book, null, new InflateBudget(1 << 24, 2, 0, book.length)))
        .hasMessageContaining("waybill.upload.max-inflate-ratio");
  }

  @Test
  void endsWhateverTheBytes() {
    byte[] book =
        new WorkbookBuilder()
            .table("S", List.of(List.of("sku", "price"), List.of("A", "1.5"), List.of("B", "x")))
            .bytes();
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      byte[] mutated = book.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      Throwable failure = catchThrowable(() -> converted(mutated, null));
      assertThat(failure)
          .satisfiesAnyOf(
              f -> assertThat(f).isNull(), f -> assertThat(f).isInstanceOf(SheetException.class));
    }
  }

  private static List<String> codes(Converted converted) {
    return converted.sheet().notices().stream().map(Notice::code).toList();
  }

  private static String text(WorkbookBuilder book) throws IOException {
    return converted(book.bytes(), null).text();
  }

  private static Converted converted(byte[] book, @Nullable String sheet) throws IOException {
    return converted(book, sheet, new InflateBudget(64 << 20, 200, 64 << 20, book.length));
  }

  private static Converted converted(byte[] book, @Nullable String sheet, InflateBudget budget)
      throws IOException {
    MemoryDraft out = new MemoryDraft();
    Archived archived =
        Archived.of(
            offset -> new ByteArrayInputStream(book, (int) offset, book.length - (int) offset),
            book.length,
            budget);
    ConvertedSheet sheetFound =
        ((Archived.Book) archived)
            .convert(new ConvertSheet(sheet, new MemoryDraft(), out, LONGEST_ROW, MAX_BYTES));
    return new Converted(out.toString(), sheetFound);
  }
}
