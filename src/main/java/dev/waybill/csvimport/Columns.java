package dev.waybill.csvimport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Finds columns of a known file format by their names. Ignores case and the signs between words.
 */
record Columns(List<String> names) {

  private static final Pattern LEFT_OUT = Pattern.compile("[\\s_-]+");

  static Columns of(List<String> header) {
    return new Columns(header.stream().map(Columns::loose).toList());
  }

  /** The index of the first column with this name, or -1. */
  int find(String name) {
    return names.indexOf(loose(name));
  }

  boolean hasAll(String... wanted) {
    for (String name : wanted) {
      if (find(name) < 0) {
        return false;
      }
    }
    return true;
  }

  boolean hasAny(Collection<String> wanted) {
    return wanted.stream().anyMatch(name -> find(name) >= 0);
  }

  /** The indexes of the columns whose names start with one of these texts. */
  List<Integer> startingWith(String... starts) {
    List<Integer> found = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      for (String start : starts) {
        if (names.get(column).startsWith(loose(start))) {
          found.add(column);
          break;
        }
      }
    }
    return found;
  }

  private static String loose(String name) {
    return LEFT_OUT.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("");
  }
}
