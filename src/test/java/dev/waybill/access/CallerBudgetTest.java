package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallerBudgetTest {

  private final CallerBudget budget = new CallerBudget(3, 2);
  private final Caller one = new Caller("address:192.0.2.1");
  private final Caller other = new Caller("address:192.0.2.2");

  @Test
  void oneCallerCannotTakeAll() {
    assertThat(budget.tryTake(one)).isTrue();
    assertThat(budget.tryTake(one)).isTrue();
    assertThat(budget.tryTake(one)).isFalse();
    assertThat(budget.tryTake(other)).isTrue();
    assertThat(budget.taken()).isEqualTo(3);
  }

  @Test
  void allCallersTogetherGetNoMoreThanThereIs() {
    budget.tryTake(one);
    budget.tryTake(one);
    budget.tryTake(other);

    assertThat(budget.tryTake(other)).isFalse();
    budget.giveBack(one);
    assertThat(budget.tryTake(other)).isTrue();
  }

  @Test
  void whatWasNeverTakenCannotBeGivenBack() {
    budget.tryTake(one);

    assertThatThrownBy(() -> budget.giveBack(other)).isInstanceOf(IllegalStateException.class);
    budget.giveBack(one);
    assertThat(budget.taken()).isZero();
  }
}
