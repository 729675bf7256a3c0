package dev.waybill.upload;

import dev.waybill.csvimport.KeptFiles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** {@code waybill_previews}. */
@Slf4j
@Component
class PreviewMetrics {

  PreviewMetrics(KeptFiles keptFiles, MeterRegistry registry) {
    Gauge.builder("waybill.previews", () -> count(keptFiles))
        .description("Previews whose files are kept, of all pods")
        .register(registry);
  }

  private static double count(KeptFiles keptFiles) {
    try {
      return keptFiles.previews();
    } catch (DataAccessException e) {
      // An exception would end the scrape, and the other metrics are needed most now.
      log.debug("Could not count the previews", e);
      return Double.NaN;
    }
  }
}
