package dev.waybill.job;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Map;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The gauge {@code waybill_jobs}, which has a value for each job status. Reads the database at each
 * scrape. If the database cannot be read, the scrape does not contain this gauge.
 */
@Slf4j
@Component
class JobMetrics {

  JobMetrics(JobStore store, ObjectProvider<PrometheusRegistry> registry) {
    registry.ifAvailable(prometheus -> show(store, prometheus));
  }

  private static void show(JobStore store, PrometheusRegistry registry) {
    // Uses the Prometheus client directly. With Micrometer, each status would need its own gauge,
    // and each gauge would need its own query.
    GaugeWithCallback.builder()
        .name("waybill_jobs")
        .help("Jobs in the database")
        .labelNames("status")
        .callback(
            gauge -> {
              Map<JobStatus, Long> jobs;
              try {
                jobs = store.countByStatus();
              } catch (DataAccessException e) {
                // Catches the exception, because an uncaught exception would abort the whole
                // scrape. While the database fails, the operator needs the other metrics most.
                log.debug("Could not count the jobs", e);
                return;
              }
              for (JobStatus status : JobStatus.values()) {
                gauge.call(jobs.getOrDefault(status, 0L), status.name().toLowerCase(Locale.ROOT));
              }
            })
        .register(registry);
  }
}
