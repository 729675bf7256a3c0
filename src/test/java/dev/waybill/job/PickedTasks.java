package dev.waybill.job;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.ExecutionChain;
import com.github.kagkarlsson.scheduler.event.ExecutionInterceptor;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Records what the scheduler picks, and lets tests act between a pick and the attempt. */
public final class PickedTasks extends AbstractSchedulerListener implements ExecutionInterceptor {

  private final Map<String, List<Instant>> due = new ConcurrentHashMap<>();
  private final Map<String, Integer> completed = new ConcurrentHashMap<>();
  private volatile Consumer<Execution> beforeBegin = _ -> {};

  /** Runs on the import thread after each pick, before the attempt begins. */
  public void beforeBegin(Consumer<Execution> hook) {
    beforeBegin = hook;
  }

  /** The time for which each pick of a job was scheduled, in the order of the picks. */
  public List<Instant> due(String jobId) {
    return due.getOrDefault(jobId, List.of());
  }

  /** How many executions of a job are over, including the update of their row in the queue. */
  public int completed(String jobId) {
    return completed.getOrDefault(jobId, 0);
  }

  public void reset() {
    beforeBegin = _ -> {};
    due.clear();
    completed.clear();
  }

  @Override
  public CompletionHandler<?> execute(
      TaskInstance<?> task, ExecutionContext context, ExecutionChain chain) {
    due.computeIfAbsent(task.getId(), _ -> new CopyOnWriteArrayList<>())
        .add(context.getExecution().executionTime);
    beforeBegin.accept(context.getExecution());
    return chain.proceed(task, context);
  }

  @Override
  public void onExecutionComplete(ExecutionComplete complete) {
    completed.merge(complete.getExecution().taskInstance.getId(), 1, Integer::sum);
  }
}
