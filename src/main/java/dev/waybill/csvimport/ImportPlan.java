package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.ReadingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a file is to be read, decided before its upload is answered.
 *
 * @param format the name of its {@link ImportProfile}
 * @param mapping of its columns, with the rules by which their cells are read
 * @param notices what must not pass in silence
 */
public record ImportPlan(String format, HeaderMapping mapping, List<Notice> notices) {

  /** What is stored with the job beside its mapping. */
  record Stored(String format, ReadingRules rules) {

    /** For jobs of an earlier version. */
    static final Stored EARLIER = new Stored("general", ReadingRules.EARLIER);
  }

  Stored stored() {
    return new Stored(format, mapping.rules());
  }

  /**
   * Field by column, null for an attribute, and {@link NewImport#IGNORED} for a column that is left
   * out, which the export of rejections has nevertheless.
   */
  public Map<String, @Nullable String> columns() {
    Map<String, @Nullable String> fields = mapping.asMap();
    Map<String, @Nullable String> all = new LinkedHashMap<>();
    for (String column : mapping.header()) {
      all.put(column, fields.containsKey(column) ? fields.get(column) : NewImport.IGNORED);
    }
    return all;
  }
}
