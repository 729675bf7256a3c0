/**
 * Groups jobs by days of the local time zone. An import that repairs rows of another import is
 * listed together with the other import, even if the repair was made on a later day.
 *
 * @param jobs the jobs to list, newest first
 * @returns {{day: string, imports: {job, repairs}[]}[]}
 */
export function byDay(jobs) {
  const known = new Map(jobs.map((job) => [job.transactionId, job]));
  const entries = new Map(jobs.map((job) => [job.transactionId, { job, repairs: [] }]));
  const days = new Map();
  for (const job of jobs) {
    const first = firstOf(job, known);
    if (first !== job) {
      entries.get(first.transactionId).repairs.push(job);
      continue;
    }
    const day = dayOf(job.createdAt);
    days.set(day, [...(days.get(day) ?? []), entries.get(job.transactionId)]);
  }
  return [...days].map(([day, imports]) => ({ day, imports }));
}

/**
 * The first listed import in the chain of repairs to which a job belongs. If the job repairs no
 * listed import, the job itself.
 */
function firstOf(job, known) {
  let first = job;
  while (known.has(first.parentId)) {
    first = known.get(first.parentId);
  }
  return first;
}

/** The local date, in the form 2026-01-31. */
function dayOf(moment) {
  const date = new Date(moment);
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
