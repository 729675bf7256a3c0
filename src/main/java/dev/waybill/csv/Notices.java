package dev.waybill.csv;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the notices of one file in bounded memory. Notices with the same code and column are
 * joined into one notice. The notices are in the order in which they first arrived. Only one thread
 * at a time may use an instance.
 */
public final class Notices {

  /**
   * The maximum number of notices of one file. Further notices are only counted, in one notice
   * {@code more}.
   */
  public static final int MOST = 50;

  private static final String MORE = "more";

  private record Key(String code, @Nullable String column) {}

  private final Map<Key, Notice> notices = new LinkedHashMap<>();
  private long more;

  /**
   * Adds a notice. If there is a notice with the same code and column, adds the count and the rows
   * to this notice.
   */
  public void add(Notice notice) {
    if (notice.code().equals(MORE)) {
      more += notice.count();
      return;
    }
    Key key = new Key(notice.code(), notice.column());
    Notice before = notices.get(key);
    if (before == null && notices.size() == MOST) {
      more += notice.count();
    } else {
      notices.put(key, before == null ? notice : before.plus(notice.count(), notice.rows()));
    }
  }

  /**
   * Counts one more row for a notice. Use this method for a notice that can occur for a million
   * rows.
   */
  public void add(String code, @Nullable String column, long row, String detail) {
    Notice before = notices.get(new Key(code, column));
    if (before != null && before.rows().size() == Notice.MOST_ROWS) {
      notices.put(new Key(code, column), before.plus(1, List.of()));
    } else {
      add(new Notice(code, column, 1, List.of(row), detail));
    }
  }

  public void addAll(List<Notice> others) {
    others.forEach(this::add);
  }

  public void clear() {
    notices.clear();
    more = 0;
  }

  public boolean isEmpty() {
    return notices.isEmpty() && more == 0;
  }

  /**
   * The notices, at most {@link #MOST}. If there were more notices, a notice {@code more} follows.
   */
  public List<Notice> list() {
    List<Notice> list = new ArrayList<>(notices.values());
    if (more > 0) {
      list.add(
          new Notice(MORE, null, more, List.of(), "More notices than these are only counted."));
    }
    return List.copyOf(list);
  }
}
