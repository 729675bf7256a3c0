package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.Outbox.Offer;
import org.junit.jupiter.api.Test;

class OutboxBudgetTest {

  private static final int FRAME = 1000;

  private final OutboxBudget budget = new OutboxBudget(10 * FRAME, 5);
  private final Outbox slow = new Outbox(100 * FRAME, budget);
  private final Outbox fast = new Outbox(100 * FRAME, budget);

  @Test
  @Shows("stream.outboxes")
  void theOneThatHoldsMuchIsTooSlowWhenTheBudgetIsUsedUp() {
    for (int i = 0; i < 10; i++) {
      assertThat(offer(slow)).isEqualTo(Offer.QUEUED);
    }
    assertThat(offer(slow)).isEqualTo(Offer.OVERFLOW);
    assertThat(offer(fast)).isEqualTo(Offer.QUEUED);
    assertThat(offer(fast)).isEqualTo(Offer.QUEUED);
    assertThat(offer(fast)).as("more than an equal share").isEqualTo(Offer.OVERFLOW);
    assertThat(budget.waiting()).isEqualTo(12 * FRAME);
  }

  @Test
  void whatIsBeingWrittenStillCounts() {
    offer(slow);
    offer(slow);
    assertThat(slow.take(FRAME)).isNotNull();
    slow.clear();
    assertThat(budget.waiting()).isEqualTo(FRAME);
    slow.written();
    slow.written();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void allIsGivenBack() {
    offer(slow);
    slow.offer(frame(SampleTypes.PROGRESS), SampleTypes.PROGRESS);
    slow.offer(frame(SampleTypes.PROGRESS), SampleTypes.PROGRESS);
    while (slow.take(300) != null) {
      assertThat(budget.waiting()).isPositive();
    }
    assertThat(budget.waiting()).isZero();
  }

  private static Offer offer(Outbox outbox) {
    return outbox.offer(frame(SampleTypes.REJECTED), SampleTypes.REJECTED);
  }

  /** A frame of 1,000 bytes. */
  private static EncodedFrame frame(EventType type) {
    EncodedFrame empty = encoded(type, "");
    return encoded(type, "x".repeat(FRAME - empty.bytes().length));
  }

  private static EncodedFrame encoded(EventType type, String data) {
    return EncodedFrame.of(new StreamEvent("s", new EventId(1, 1), type, data, 0), 0);
  }
}
