package dev.waybill.file;

import dev.waybill.storage.DataFolder;
import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts uploads into the data folder. */
@Configuration
class FileConfiguration {

  @Bean
  @ConditionalOnMissingBean
  StoredFiles storedFiles(DataFolder folder) throws IOException {
    return new FolderFiles(folder.resolve("uploads"));
  }
}
