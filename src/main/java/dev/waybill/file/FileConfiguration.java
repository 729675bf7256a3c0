package dev.waybill.file;

import dev.waybill.storage.DataFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stores uploads in the data folder. */
@Configuration
class FileConfiguration {

  /**
   * Creates the store of uploads. Several pods must use the same folder, so they agree on a shared
   * ID of the folder. A single process needs no shared ID, because it has locked its data folder.
   */
  @Bean
  StoredFiles storedFiles(DataFolder folder, ObjectProvider<SharedFolderId> sharedId)
      throws IOException {
    Path uploads = folder.resolve("uploads");
    SharedFolderId shared = sharedId.getIfAvailable();
    return shared == null ? new FolderFiles(uploads) : new FolderFiles(uploads, shared::agreeOn);
  }
}
