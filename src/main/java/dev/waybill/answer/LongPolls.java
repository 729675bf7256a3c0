package dev.waybill.answer;

import dev.waybill.access.Caller;
import dev.waybill.access.CallerBudget;
import dev.waybill.platform.HeapBudget;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Limits how many requests wait for a change at the same time, in total and for each caller. Each
 * waiting request holds a connection with its buffers and a thread for up to a minute.
 */
@Slf4j
@Component
public class LongPolls {

  private static final double HEAP_SHARE = 0.05;
  private static final int BYTES_EACH = 48 * 1024;
  private static final int MOST = 2_500;

  private final CallerBudget budget;

  @Autowired
  public LongPolls() {
    this(HeapBudget.ofThisProcess());
  }

  LongPolls(HeapBudget heap) {
    int most = heap.count(HEAP_SHARE, BYTES_EACH, MOST);
    int mostPerCaller = Math.max(1, most / 2);
    budget = new CallerBudget(most, mostPerCaller);
    log.info(
        "At most {} requests wait for a change at once, {} of one caller", most, mostPerCaller);
  }

  /**
   * Returns false if no further request may wait. If this method returns true, the caller must call
   * {@link #end} after the wait.
   */
  public boolean tryStart(Caller caller) {
    return budget.tryTake(caller);
  }

  public void end(Caller caller) {
    budget.giveBack(caller);
  }
}
