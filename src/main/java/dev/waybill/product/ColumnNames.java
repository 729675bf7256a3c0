package dev.waybill.product;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the names of a file's columns unique. For example, a fourth column without a name gets the
 * name {@code column-4}, and a second column named {@code Image} gets the name {@code Image (2)}.
 */
final class ColumnNames {

  private static final Pattern NUMBERED = Pattern.compile("(?s)(.+) \\(\\d{1,4}\\)");

  private ColumnNames() {}

  static List<String> unique(List<String> header) {
    Set<String> taken = new HashSet<>();
    header.forEach(name -> taken.add(name.strip()));
    Map<String, Integer> times = new HashMap<>();
    List<String> names = new ArrayList<>(header.size());
    for (int column = 0; column < header.size(); column++) {
      String name = header.get(column).strip();
      if (name.isEmpty()) {
        names.add(free("column-" + (column + 1), taken));
        continue;
      }
      int time = times.merge(name, 1, Integer::sum);
      names.add(time == 1 ? name : free("%s (%d)".formatted(name, time), taken));
    }
    return List.copyOf(names);
  }

  /**
   * Converts unique names back to the names in the file. {@code Image (2)} becomes {@code Image} if
   * another column has the name {@code Image}.
   */
  static List<String> written(List<String> names) {
    Set<String> all = new HashSet<>(names);
    return names.stream()
        .map(
            name -> {
              Matcher numbered = NUMBERED.matcher(name);
              return numbered.matches() && all.contains(numbered.group(1))
                  ? numbered.group(1)
                  : name;
            })
        .toList();
  }

  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    while (!taken.add(name)) {
      name += "'";
    }
    return name;
  }
}
