package dev.waybill.upload;

import dev.waybill.csvimport.KeptFiles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** The metric {@code waybill_previews}, the number of previews that have a file. */
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
      // Does not throw the exception, because an exception would abort the whole scrape. During a
      // failure of the database, the operator needs the other metrics most.
      log.debug("Could not count the previews", e);
      return Double.NaN;
    }
  }
}
