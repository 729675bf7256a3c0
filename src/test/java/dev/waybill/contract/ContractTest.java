package dev.waybill.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Contract.Row;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Checks that a test proves each row of the contract. With {@code -Dcontract.write=true} it writes
 * {@code docs/contract-tests.md}.
 */
class ContractTest {

  private static final Path PAGE = Path.of("docs/contract-tests.md");

  private static Contract contract;
  private static MarkedTests tests;

  @BeforeAll
  static void read() throws IOException, URISyntaxException {
    contract = Contract.read();
    tests = MarkedTests.read();
  }

  @Test
  void everyRowHasATestOrSaysWhyNot() {
    Set<String> shown = tests.byKey().keySet();

    assertThat(contract.rows()).isNotEmpty();
    assertThat(contract.rows())
        .filteredOn(row -> row.open() == null && !shown.contains(row.key()))
        .extracting(Row::key)
        .as("rows that no test shows")
        .isEmpty();
  }

  @Test
  void anOpenRowHasNoTest() {
    Set<String> shown = tests.byKey().keySet();

    assertThat(contract.rows())
        .filteredOn(row -> row.open() != null && shown.contains(row.key()))
        .extracting(Row::key)
        .as("rows that are called open but shown")
        .isEmpty();
  }

  @Test
  void everyMarkNamesARowOfTheContract() {
    List<String> keys = contract.rows().stream().map(Row::key).toList();

    assertThat(keys).doesNotHaveDuplicates();
    assertThat(tests.keys().filter(key -> !keys.contains(key)))
        .as("keys that the contract does not have")
        .isEmpty();
  }

  @Test
  void everyMarkStandsOnATest() {
    assertThat(tests.all()).filteredOn(marked -> !marked.isTest()).as("no tests").isEmpty();
    assertThat(tests.all())
        .allSatisfy(
            marked ->
                assertThat(Path.of("src/test/java", marked.source())).as("%s", marked).exists());
  }

  @Test
  void thePageIsMadeFromTheMarks() throws IOException {
    String expected = ContractPage.of(contract, tests);
    if (Boolean.getBoolean("contract.write")) {
      Files.writeString(PAGE, expected);
    } else {
      assertThat(PAGE)
          .as(PAGE + " is out of date; write it with scripts/contract-tests")
          .content()
          .isEqualTo(expected);
    }
  }
}
