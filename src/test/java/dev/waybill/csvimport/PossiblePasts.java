package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may have happened to each product. A product has several possible pasts after two jobs wrote
 * it at the same time, until the catalogue or an undo shows which of them is true.
 */
final class PossiblePasts {

  /** A product and the job that wrote it last. */
  record Stored(Map<String, String> values, String writer) {}

  /**
   * What a job did to a product.
   *
   * @param before what it found when it last took the product over from another writer; null if
   *     there was no product
   * @param deleted whether it deleted the product
   */
  record Written(@Nullable Stored before, boolean deleted) {}

  /**
   * One possible past of a product.
   *
   * @param now null if there is no product
   * @param writtenBy what the jobs did to it, by job ID
   */
  record Past(@Nullable Stored now, Map<String, Written> writtenBy) {

    static final Past NONE = new Past(null, Map.of());

    Past then(@Nullable Stored next, String job, Written written) {
      Map<String, Written> all = new HashMap<>(writtenBy);
      all.put(job, written);
      return new Past(next, all);
    }

    @Nullable Map<String, String> values() {
      return now == null ? null : now.values();
    }
  }

  /** One write of a job. */
  interface Write {
    /** The pasts that are possible afterwards; none if the job did something else. */
    Set<Past> after(Past past);
  }

  /**
   * An undo.
   *
   * @param earlier the cancelled undos of the same target
   * @param standing those of them that were not undone
   * @param handled the skus that they have handled, so that this undo need not
   * @param isWhole false if the undo was cancelled
   */
  record Undo(
      String id,
      String target,
      boolean dryRun,
      Collection<String> earlier,
      Collection<String> standing,
      Collection<String> handled,
      boolean isWhole) {}

  private final Map<String, Set<Past>> pasts = new TreeMap<>();

  private Set<Past> of(String sku) {
    return pasts.getOrDefault(sku, Set.of(Past.NONE));
  }

  /** Whether the product exists. The catalogue has been compared before, so this is known. */
  boolean exists(String sku) {
    return of(sku).iterator().next().now() != null;
  }

  void delete(String sku) {
    pasts.put(
        sku,
        of(sku).stream().map(past -> new Past(null, past.writtenBy())).collect(Collectors.toSet()));
  }

  /** Keeps the pasts that end with the values that the server has stored; null for no product. */
  void keep(String sku, @Nullable Map<String, String> stored, Supplier<String> words) {
    Set<Past> kept =
        of(sku).stream()
            .filter(past -> Objects.equals(past.values(), stored))
            .collect(Collectors.toSet());
    assertThat(kept)
        .as(() -> "%s is %s, not one of %s, %s".formatted(sku, stored, of(sku), words.get()))
        .isNotEmpty();
    pasts.put(sku, kept);
  }

  /** Forgets what other jobs have written. They can no longer be undone. */
  void forgetAllBut(Collection<String> jobs) {
    pasts.replaceAll(
        (_, known) ->
            known.stream()
                .map(
                    past -> {
                      Map<String, Written> writtenBy = new HashMap<>(past.writtenBy());
                      writtenBy.keySet().retainAll(jobs);
                      return new Past(past.now(), writtenBy);
                    })
                .collect(Collectors.toSet()));
  }

  void write(String sku, List<Write> writes, Supplier<String> words) {
    write(sku, writes, List.of(), words);
  }

  /** Two jobs write a product, each in its own order, but in any order among each other. */
  void write(String sku, List<Write> one, List<Write> other, Supplier<String> words) {
    // Element j has the pasts in which the first job has done its first i writes, and the other job
    // its first j writes.
    List<Set<Past>> reached = new ArrayList<>();
    for (int i = 0; i <= one.size(); i++) {
      for (int j = 0; j <= other.size(); j++) {
        Set<Past> here = new HashSet<>(i == 0 && j == 0 ? of(sku) : Set.of());
        if (i > 0) {
          reached.get(j).forEach(addingTo(here, one.get(i - 1)));
        }
        if (j > 0) {
          reached.get(j - 1).forEach(addingTo(here, other.get(j - 1)));
        }
        if (i > 0) {
          reached.set(j, here);
        } else {
          reached.add(here);
        }
      }
    }
    Set<Past> last = reached.getLast();
    assertThat(last)
        .as(() -> "%s does not follow from one of %s, %s".formatted(sku, of(sku), words.get()))
        .isNotEmpty();
    pasts.put(sku, last);
  }

  private static Consumer<Past> addingTo(Set<Past> reached, Write write) {
    return past -> reached.addAll(write.after(past));
  }

  /** The writes of the rows of an import that have this sku. */
  static List<Write> rows(String sku, String job, String[] header, List<String[]> rows) {
    return rows.stream()
        .filter(row -> row[0].equals(sku))
        .<Write>map(row -> past -> Set.of(row(past, job, header, row)))
        .toList();
  }

  private static Past row(Past past, String job, String[] header, String[] row) {
    Stored before = past.now();
    Map<String, String> values = new TreeMap<>(before == null ? Map.of() : before.values());
    for (int i = 1; i < header.length; i++) {
      if (row[i].isEmpty()) {
        values.remove(header[i]);
      } else {
        values.put(header[i], row[i]);
      }
    }
    if (!values.containsKey("name") || before != null && before.values().equals(values)) {
      return past;
    }
    Stored now = new Stored(values, job);
    return before != null && before.writer().equals(job)
        ? new Past(now, past.writtenBy())
        : past.then(now, job, new Written(before, false));
  }

  /**
   * What an undo does to a product.
   *
   * @param listed what its lists say: {@code reversed} and its effect, {@code missing}, or {@code
   *     kept by} a job; null if the product is in none of them
   */
  static Write undo(String sku, Undo undo, @Nullable String listed) {
    return past -> {
      Set<Past> after = new HashSet<>();
      if (listed == null && (!undo.isWhole() || undo.handled().contains(sku))) {
        after.add(past);
      }
      if (Objects.equals(expected(past, undo), listed)) {
        boolean reverses = listed != null && listed.startsWith("reversed") && !undo.dryRun();
        after.add(reverses ? reversed(past, undo) : past);
      }
      return after;
    };
  }

  private static @Nullable String expected(Past past, Undo undo) {
    Written written = past.writtenBy().get(undo.target());
    Stored now = past.now();
    if (written == null) {
      return null;
    }
    if (written.deleted() ? now == null : now != null && now.writer().equals(undo.target())) {
      return "reversed, "
          + (written.deleted() ? "recreated" : written.before() == null ? "deleted" : "updated");
    }
    boolean isReversedAlready =
        now != null && undo.earlier().contains(now.writer())
            || undo.standing().stream().anyMatch(past.writtenBy()::containsKey);
    if (isReversedAlready) {
      return null;
    }
    return now == null ? "missing" : "kept by " + now.writer();
  }

  private static Past reversed(Past past, Undo undo) {
    Stored before = past.writtenBy().get(undo.target()).before();
    return past.then(
        before == null ? null : new Stored(before.values(), undo.id()),
        undo.id(),
        new Written(past.now(), before == null));
  }
}
