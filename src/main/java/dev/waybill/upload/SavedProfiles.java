package dev.waybill.upload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the profiles of all callers. A profile consists of settings with a name. The SQL works on
 * all supported databases. Writes join the caller's transaction.
 */
@Repository
class SavedProfiles {

  private static final String COLUMNS = "name, settings, fingerprint, created_at, updated_at";

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final JsonMapper json;

  SavedProfiles(JdbcClient writes, @Qualifier("reads") JdbcClient reads, JsonMapper json) {
    this.writes = writes;
    this.reads = reads;
    this.json = json;
  }

  /** Stores a profile. Replaces the caller's profile with the same name, if it exists. */
  void put(String caller, SavedProfile profile) {
    writes
        .sql(
            """
            INSERT INTO import_profile (caller, name, settings, fingerprint, created_at, updated_at)
            VALUES (:caller, :name, :settings, :fingerprint, :created, :updated)
            ON CONFLICT (caller, name) DO UPDATE SET settings = excluded.settings,
              fingerprint = excluded.fingerprint, updated_at = excluded.updated_at
            """)
        .param("caller", caller)
        .param("name", profile.name())
        .param("settings", json.writeValueAsString(profile.settings()))
        .param("fingerprint", profile.fingerprint())
        .param("created", profile.createdAt().toEpochMilli())
        .param("updated", profile.updatedAt().toEpochMilli())
        .update();
  }

  Optional<SavedProfile> find(String caller, String name) {
    return find(reads, caller, name);
  }

  Optional<SavedProfile> findInTransaction(String caller, String name) {
    return find(writes, caller, name);
  }

  private Optional<SavedProfile> find(JdbcClient jdbc, String caller, String name) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM import_profile WHERE caller = ? AND name = ?")
        .params(caller, name)
        .query(this::read)
        .optional();
  }

  int countInTransaction(String caller) {
    return writes
        .sql("SELECT COUNT(*) FROM import_profile WHERE caller = ?")
        .param(caller)
        .query(Integer.class)
        .single();
  }

  /**
   * The profiles of a caller, sorted by name. Returns only profiles whose name comes after the
   * given name.
   */
  List<SavedProfile> after(String caller, String name, int limit) {
    return reads
        .sql(
            """
            SELECT %s FROM import_profile WHERE caller = ? AND name > ? ORDER BY name LIMIT ?
            """
                .formatted(COLUMNS))
        .params(caller, name, limit)
        .query(this::read)
        .list();
  }

  /**
   * The name of a caller's profile for a header. If several profiles match, the most recently
   * updated profile is used.
   */
  Optional<String> forHeader(String caller, String fingerprint) {
    return reads
        .sql(
            """
            SELECT name FROM import_profile WHERE caller = ? AND fingerprint = ?
            ORDER BY updated_at DESC, name LIMIT 1
            """)
        .params(caller, fingerprint)
        .query(String.class)
        .optional();
  }

  boolean delete(String caller, String name) {
    return writes
            .sql("DELETE FROM import_profile WHERE caller = ? AND name = ?")
            .params(caller, name)
            .update()
        == 1;
  }

  private SavedProfile read(ResultSet row, int index) throws SQLException {
    return new SavedProfile(
        row.getString(1),
        json.readValue(row.getString(2), Settings.class),
        row.getString(3),
        Instant.ofEpochMilli(row.getLong(4)),
        Instant.ofEpochMilli(row.getLong(5)));
  }
}
