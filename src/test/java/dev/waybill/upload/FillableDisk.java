package dev.waybill.upload;

import dev.waybill.file.FillableFiles;
import dev.waybill.storage.DataFolder;
import java.io.IOException;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Stores uploads on a disk that tests can declare full. */
@TestConfiguration
class FillableDisk {

  @Bean
  @Primary
  FillableFiles fillableFiles(DataFolder folder) throws IOException {
    return new FillableFiles(folder.resolve("uploads"));
  }
}
