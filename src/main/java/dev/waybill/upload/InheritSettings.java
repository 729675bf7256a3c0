package dev.waybill.upload;

import dev.waybill.access.Access;
import dev.waybill.csvimport.ImportPolicy;
import dev.waybill.csvimport.Imports;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import dev.waybill.product.Field;
import dev.waybill.product.NumberFormat;
import dev.waybill.product.ReadingRules;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Gives a file that repairs rejected rows the settings of the import that rejected them. The rows
 * come back in another file, perhaps in another form, so its charset, delimiter and header line are
 * detected again.
 */
@Component
@RequiredArgsConstructor
class InheritSettings {

  private final Jobs jobs;
  private final Imports imports;

  /**
   * Adds the settings of the import that {@code parent=} names. Sent settings override them.
   *
   * @throws Problem 404 {@code job-unknown} if there is no such import, or it is another caller's
   */
  Settings complete(Settings sent, Access access) {
    String parent = sent.single(Settings.PARENT);
    return parent == null ? sent : settings(reading(parent, access)).with(sent);
  }

  private Imports.Reading reading(String parent, Access access) {
    Job job = jobs.get(parent);
    return jobs.ownerOf(parent)
        .filter(access::owns)
        .flatMap(_ -> imports.reading(job))
        .orElseThrow(() -> Jobs.unknown(parent));
  }

  private static Settings settings(Imports.Reading reading) {
    ReadingRules rules = reading.rules();
    ImportPolicy policy = reading.policy();
    Map<String, List<String>> values = new TreeMap<>();
    values.put("blank", List.of(rules.keepBlank() ? "keep" : "clear"));
    values.put("badCell", List.of(rules.dropBad() ? "drop" : "reject"));
    values.put("onError", List.of(ImportPolicy.wireName(policy.onError())));
    if (policy.maxErrors() != null) {
      values.put("maxErrors", List.of(policy.maxErrors().toString()));
    }
    values.put("mode", List.of(ImportPolicy.wireName(policy.mode())));
    Map<String, String> columns = new TreeMap<>();
    reading.columns().forEach((name, use) -> columns.put(name, use == null ? "" : use));
    return new Settings(values, Map.of(), columns, numbers(reading));
  }

  /**
   * How the import read its numbers. This is not the same as {@code decimal=}, which also accepts
   * numbers of forms that the import rejected.
   */
  private static Map<Field, NumberFormat> numbers(Imports.Reading reading) {
    Map<Field, NumberFormat> numbers = new EnumMap<>(Field.class);
    numbers.put(Field.PRICE, reading.rules().price());
    numbers.put(Field.QUANTITY, reading.rules().quantity());
    // If the import had no such column, its format was never decided.
    numbers.keySet().removeIf(field -> !reading.columns().containsValue(field.column()));
    return numbers;
  }
}
