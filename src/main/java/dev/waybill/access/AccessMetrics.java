package dev.waybill.access;

import io.micrometer.core.instrument.MeterRegistry;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Counts refused requests by reason. Every reason is a constant in the code, never a text that a
 * client sent.
 */
@Component
@RequiredArgsConstructor
class AccessMetrics {

  private final MeterRegistry registry;

  /** Increments {@code waybill_access_refused_total}. */
  void refused(String reason) {
    registry.counter("waybill.access.refused", "reason", reason).increment();
  }

  /** Increments {@code waybill_quota_refused_total}. */
  void quotaRefused(String quota) {
    registry.counter("waybill.quota.refused", "quota", quota).increment();
  }
}
