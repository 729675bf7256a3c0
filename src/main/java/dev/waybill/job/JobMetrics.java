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
 * {@code waybill_jobs} by status, read from the database when asked for; left out where that cannot
 * be read.
 */
@Slf4j
@Component
class JobMetrics {

  JobMetrics(JobStore store, ObjectProvider<PrometheusRegistry> registry) {
    registry.ifAvailable(prometheus -> show(store, prometheus));
  }

  private static void show(JobStore store, PrometheusRegistry registry) {
    // Not a gauge of Micrometer's: each status would be one, and each ask the database for all.
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
                // The other metrics are needed the more then, and would go with this one.
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
