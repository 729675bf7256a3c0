package dev.waybill.record;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * A query with parameters for the key of a record.
 *
 * @param sql the statement with a question mark for each parameter
 * @param places the number of question marks; the key is bound to each question mark
 */
record BoundQuery(String sql, int places) {

  private static final String KEY = "key";

  static BoundQuery parse(String setting, String query) {
    String text = query.strip();
    if (!text.matches("(?is)(select|with)\\b.*") || text.contains(";")) {
      throw new IllegalArgumentException(setting + " must be one SELECT");
    }
    ParsedSql parsed = NamedParameterUtils.parseSqlStatement(text);
    Places places = new Places();
    String sql = NamedParameterUtils.substituteNamedParameters(parsed, places);
    if (!places.onlyKey || places.count == 0) {
      throw new IllegalArgumentException(setting + " must have the parameter :key and no other");
    }
    return new BoundQuery(sql, places.count);
  }

  /** Counts the parameters of a statement. */
  private static final class Places implements SqlParameterSource {

    private int count;
    private boolean onlyKey = true;

    @Override
    public boolean hasValue(String name) {
      onlyKey &= name.equals(KEY);
      return true;
    }

    @Override
    public @Nullable Object getValue(String name) {
      count++;
      return null;
    }
  }
}
