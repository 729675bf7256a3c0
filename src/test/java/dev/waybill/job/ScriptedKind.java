package dev.waybill.job;

import dev.waybill.csvimport.Counts;
import dev.waybill.csvimport.ScriptedImports;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A kind of job whose attempts run a script of the test. */
final class ScriptedKind implements QueuedKind {

  private final ScriptedImports imports;

  static final String NAME = "test-kind";

  private static final Consumer<Job> NOTHING = _ -> {};

  private final Map<String, Consumer<JobRun>> scripts = new ConcurrentHashMap<>();
  private final Map<String, Consumer<Job>> accountChecks = new ConcurrentHashMap<>();
  private final Map<String, Consumer<Job>> ends = new ConcurrentHashMap<>();
  private final Map<String, Consumer<String>> forgets = new ConcurrentHashMap<>();
  private volatile boolean canRun = true;
  private final List<String> runs = new CopyOnWriteArrayList<>();
  private final List<String> counted = new CopyOnWriteArrayList<>();
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private final List<String> forgotten = new CopyOnWriteArrayList<>();

  ScriptedKind(ScriptedImports imports) {
    this.imports = imports;
  }

  /** A chunk of new products. */
  ChunkWork created(int rows, long bytesRead) {
    return imports.chunk(new Counts(rows, rows, 0, 0, 0, 0, 0), bytesRead);
  }

  /** A chunk with these counts. */
  ChunkWork chunk(Counts counts, long bytesRead) {
    return imports.chunk(counts, bytesRead);
  }

  Counts counts(Job job) {
    return imports.counts(job);
  }

  /** Stores the fields that such a job has besides the common ones. */
  void insert(String jobId) {
    imports.insert(jobId);
  }

  @Override
  public JobView view(Job job) {
    return imports.view(job);
  }

  @Override
  public List<JobView> listed(List<Job> jobs) {
    return imports.listed(jobs);
  }

  @Override
  public void begun(Job job) {
    imports.begun(job);
  }

  @Override
  public FailureWords failureWords() {
    return imports.words();
  }

  /** What each attempt at a job does, on the import thread. */
  void script(String jobId, Consumer<JobRun> script) {
    scripts.put(jobId, script);
  }

  /** What happens after the work is done, before the job is completed. */
  void onCheckAccounts(String jobId, Consumer<Job> check) {
    accountChecks.put(jobId, check);
  }

  /** What happens when the job's end was committed. */
  void onEnded(String jobId, Consumer<Job> hook) {
    ends.put(jobId, hook);
  }

  /** What happens while the job's records are deleted. */
  void onForget(String jobId, Consumer<String> hook) {
    forgets.put(jobId, hook);
  }

  /** The job of each attempt that started its work. */
  List<String> runs() {
    return runs;
  }

  /** The jobs whose end was counted. */
  List<String> counted() {
    return counted;
  }

  List<String> ended() {
    return ended;
  }

  List<String> forgotten() {
    return forgotten;
  }

  void reset() {
    canRun = true;
    scripts.clear();
    accountChecks.clear();
    ends.clear();
    forgets.clear();
    runs.clear();
    counted.clear();
    ended.clear();
    forgotten.clear();
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Whether this pod has what such jobs need. */
  void canRun(boolean can) {
    canRun = can;
  }

  @Override
  public boolean canRun() {
    return canRun;
  }

  @Override
  public void run(JobRun run) {
    String id = run.job().id();
    runs.add(id);
    scripts.getOrDefault(id, _ -> {}).accept(run);
  }

  @Override
  public void checkAccounts(Job job) {
    imports.checkCounts(job);
    accountChecks.getOrDefault(job.id(), NOTHING).accept(job);
  }

  @Override
  public void countEnd(Job job) {
    counted.add(job.id());
  }

  @Override
  public void ended(Job job) {
    ended.add(job.id());
    ends.getOrDefault(job.id(), NOTHING).accept(job);
  }

  @Override
  public void forget(String jobId) {
    forgotten.add(jobId);
    forgets.getOrDefault(jobId, _ -> {}).accept(jobId);
  }

  @Override
  public List<String> jobsWithRecords(String after, int limit) {
    return List.of();
  }
}
