package dev.waybill.stream;

import org.springframework.context.ApplicationContext;

/** Uses up the memory for frames that wait for clients until it is closed. */
public final class UsedUpMemory implements AutoCloseable {

  private static final long MORE_THAN_THERE_IS = 1L << 50;

  private final OutboxBudget budget;

  public UsedUpMemory(ApplicationContext context) {
    budget = context.getBean(OutboxBudget.class);
    budget.reserve(MORE_THAN_THERE_IS);
  }

  /** The bytes that are reserved for clients. */
  public long waiting() {
    return budget.waiting() - MORE_THAN_THERE_IS;
  }

  @Override
  public void close() {
    budget.release(MORE_THAN_THERE_IS);
  }
}
