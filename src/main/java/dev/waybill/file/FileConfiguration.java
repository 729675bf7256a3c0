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

  /** Only pods need to agree on a folder. A single process holds the lock on its own. */
  @Bean
  StoredFiles storedFiles(DataFolder folder, ObjectProvider<SharedFolderId> sharedId)
      throws IOException {
    Path uploads = folder.resolve("uploads");
    SharedFolderId shared = sharedId.getIfAvailable();
    return shared == null ? new FolderFiles(uploads) : new FolderFiles(uploads, shared::agreeOn);
  }
}
