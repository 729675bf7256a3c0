package dev.waybill.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeapBudgetTest {

  private static final long MIB = 1024 * 1024;

  private final HeapBudget budget = new HeapBudget(256 * MIB);

  @Test
  void countsWhatFitsIntoAShare() {
    assertThat(budget.count(0.25, MIB, 1_000)).isEqualTo(64);
  }

  @Test
  void neverCountsMoreThanTheUpperBound() {
    assertThat(budget.count(0.25, 1, 1_000)).isEqualTo(1_000);
  }

  @Test
  void allowsOneEvenWhereNoneFits() {
    assertThat(budget.count(0.01, 100 * MIB, 1_000)).isEqualTo(1);
  }

  @Test
  void refusesAShareAboveTheWholeHeap() {
    assertThatThrownBy(() -> budget.bytes(1.5)).isInstanceOf(IllegalArgumentException.class);
  }
}
