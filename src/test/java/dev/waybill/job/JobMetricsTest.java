package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class JobMetricsTest {

  @Test
  void aDatabaseThatCannotBeReadLeavesTheOtherMetrics() {
    PrometheusRegistry registry = new PrometheusRegistry();
    GaugeWithCallback.builder()
        .name("waybill_other")
        .callback(gauge -> gauge.call(1))
        .register(registry);
    StaticListableBeanFactory beans = new StaticListableBeanFactory();
    beans.addBean("registry", registry);
    JdbcClient withoutTables =
        JdbcClient.create(new DriverManagerDataSource("jdbc:sqlite::memory:"));
    JobStore store = new JobStore(withoutTables, withoutTables);
    new JobMetrics(store, beans.getBeanProvider(PrometheusRegistry.class));

    MetricSnapshots scraped = registry.scrape();

    assertThat(scraped.stream())
        .filteredOn(metric -> !metric.getDataPoints().isEmpty())
        .extracting(MetricSnapshot::getMetadata)
        .extracting(metadata -> metadata.getName())
        .containsExactly("waybill_other");
  }
}
