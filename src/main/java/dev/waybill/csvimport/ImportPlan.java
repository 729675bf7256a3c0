package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.product.HeaderMapping;
import dev.waybill.product.ReadingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a file will be read. Waybill determines these rules before it answers the
 * upload.
 *
 * @param format the name of the {@link ImportProfile} of the file
 * @param mapping the use of each column, and the rules by which its cells are read
 * @param notices the notices for the user about the file
 */
public record ImportPlan(String format, HeaderMapping mapping, List<Notice> notices) {

  /** The part of the plan that is stored with the job in addition to the mapping. */
  record Stored(String format, ReadingRules rules) {

    /** The plan of jobs that an earlier version stored. */
    static final Stored EARLIER = new Stored("general", ReadingRules.EARLIER);
  }

  Stored stored() {
    return new Stored(format, mapping.rules());
  }

  /**
   * The field of each column: null for an attribute, {@link NewImport#IGNORED} for a column that is
   * not imported. The export of rejections needs the names of all columns to read the text of a
   * rejected row.
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
