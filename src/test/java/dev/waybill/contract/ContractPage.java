package dev.waybill.contract;

import dev.waybill.contract.Contract.Row;
import dev.waybill.contract.Contract.Section;
import dev.waybill.contract.MarkedTests.Marked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the page that lists, for each row of the contract, the tests that prove it. */
final class ContractPage {

  private static final String HEAD =
      """
      # The contract and its tests

      What Waybill promises to those who call it, row by row, and the tests that show it. \
      This page is made by `scripts/contract-tests`, \
      from the rows in `src/test/resources/dev/waybill/contract/contract.yaml` \
      and the marks `@Shows("key")` on the tests; the command fails and names each row without a \
      test. `./mvnw verify` also fails if this page is out of date. \
      Tests whose class ends in `IT` run against the packaged service.
      """;

  private final Map<String, List<Marked>> tests;
  private final StringBuilder text = new StringBuilder(HEAD);

  private ContractPage(Map<String, List<Marked>> tests) {
    this.tests = tests;
  }

  static String of(Contract contract, MarkedTests tests) {
    ContractPage page = new ContractPage(tests.byKey());
    contract.sections().forEach(page::table);
    page.open(contract.rows().stream().filter(row -> row.open() != null).toList());
    return page.text.toString();
  }

  private void table(Section section) {
    text.append("\n## %s\n\n| row | what | shown by |\n|---|---|---|\n".formatted(section.title()));
    for (Row row : section.rows()) {
      if (row.open() == null) {
        line(row, links(tests.getOrDefault(row.key(), List.of())));
      }
    }
  }

  private void open(List<Row> rows) {
    if (!rows.isEmpty()) {
      text.append("\n## Open\n\nNo test shows these yet.\n\n| row | what | why |\n|---|---|---|\n");
      rows.forEach(row -> line(row, Stream.of(row.open())));
    }
  }

  private void line(Row row, Stream<String> last) {
    text.append(
        "| `%s` | %s | %s |\n"
            .formatted(
                row.key(),
                row.text().replace("|", "\\|"),
                last.collect(Collectors.joining("<br>"))));
  }

  /** One line for each test class, with its tests. */
  private static Stream<String> links(List<Marked> tests) {
    return tests.stream()
        .collect(Collectors.groupingBy(Marked::source, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(ContractPage::link);
  }

  private static String link(List<Marked> ofOneClass) {
    Marked first = ofOneClass.getFirst();
    return "[%s](../src/test/java/%s) %s"
        .formatted(
            first.className(),
            first.source(),
            ofOneClass.stream()
                .map(test -> "`" + test.name() + "`")
                .collect(Collectors.joining(", ")));
  }
}
