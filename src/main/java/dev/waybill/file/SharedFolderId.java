package dev.waybill.file;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import lombok.RequiredArgsConstructor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The ID of the upload folder that all pods must share. The database stores this ID. So Waybill
 * detects a pod that has another folder, for example an empty mount point.
 */
@Component
@ConditionalOnDatabase(Database.POSTGRES)
@RequiredArgsConstructor
class SharedFolderId {

  private final JdbcClient jdbc;

  /** Returns the ID that all pods use. The first pod that calls this method determines the ID. */
  String agreeOn(String ownId) {
    jdbc.sql("INSERT INTO upload_folder (only_row, id) VALUES (1, ?) ON CONFLICT DO NOTHING")
        .param(ownId)
        .update();
    return jdbc.sql("SELECT id FROM upload_folder").query(String.class).single();
  }
}
