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
 * Takes over settings for a file with repaired rows: the settings of the import that rejected these
 * rows. The repaired rows are in a new file, which can have another format. So the charset, the
 * delimiter and the header line of the new file are detected again.
 */
@Component
@RequiredArgsConstructor
class InheritSettings {

  private final Jobs jobs;
  private final Imports imports;

  /**
   * Adds the settings of the import that {@code parent=} names. If both contain a setting, the sent
   * setting applies.
   *
   * @throws Problem 404 {@code job-unknown} if the import does not exist, or belongs to another
   *     caller
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
   * The number formats with which the import read its columns. This class keeps these number
   * formats and does not convert them to {@code decimal=}, because {@code decimal=} would also
   * accept forms of numbers that the import rejected.
   */
  private static Map<Field, NumberFormat> numbers(Imports.Reading reading) {
    Map<Field, NumberFormat> numbers = new EnumMap<>(Field.class);
    numbers.put(Field.PRICE, reading.rules().price());
    numbers.put(Field.QUANTITY, reading.rules().quantity());
    // Removes fields for which the import had no column, because no number format was ever detected
    // for these fields.
    numbers.keySet().removeIf(field -> !reading.columns().containsValue(field.column()));
    return numbers;
  }
}
