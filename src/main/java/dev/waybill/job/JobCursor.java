package dev.waybill.job;

import dev.waybill.problem.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The position at which a page of the job list ended. Clients must not interpret the text of this
 * cursor.
 */
record JobCursor(long createdAtMillis, String id) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})-([0-9a-f]{32})");

  static JobCursor of(Job last) {
    return new JobCursor(last.createdAt().toEpochMilli(), last.id());
  }

  static JobCursor parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw Problem.parameter(
          "after must be the \"next\" of an earlier page; leave it out for the first page.");
    }
    return new JobCursor(Long.parseLong(matcher.group(1)), matcher.group(2));
  }

  @Override
  public String toString() {
    return createdAtMillis + "-" + id;
  }
}
