package dev.waybill.product;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the columns that the parameter {@code map=} names. */
final class ColumnReference {

  /**
   * Matches a reference with a number. {@code Image#2} is the second column with the name Image.
   */
  private static final Pattern NUMBERED = Pattern.compile("(?s)(.*)#(\\d{1,4})");

  private final Map<String, Integer> byName = new HashMap<>();
  private final Map<String, List<Integer>> byWritten = new HashMap<>();
  private final Map<String, List<Integer>> byLoose = new HashMap<>();

  /**
   * @param header the names of the columns in the file
   * @param names the same names, made unique
   */
  ColumnReference(List<String> header, List<String> names) {
    for (int column = 0; column < names.size(); column++) {
      byName.put(names.get(column), column);
      add(byWritten, header.get(column), column);
      add(byLoose, Field.loose(header.get(column)), column);
    }
  }

  private static void add(Map<String, List<Integer>> columns, String name, int column) {
    columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(column);
  }

  /**
   * The index of the column with this name; -1 if no column matches, or if more than one column
   * matches.
   */
  int find(String wanted) {
    Integer exact = byName.get(wanted);
    if (exact != null) {
      return exact;
    }
    Matcher numbered = NUMBERED.matcher(wanted);
    if (numbered.matches()) {
      String name = numbered.group(1).strip();
      List<Integer> columns = byWritten.getOrDefault(name, loose(name));
      int number = Integer.parseInt(numbered.group(2));
      if (number >= 1 && number <= columns.size()) {
        return columns.get(number - 1);
      }
    }
    List<Integer> loose = loose(wanted);
    return loose.size() == 1 ? loose.getFirst() : -1;
  }

  private List<Integer> loose(String name) {
    return byLoose.getOrDefault(Field.loose(name), List.of());
  }
}
