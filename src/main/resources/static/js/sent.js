import { Stopped } from './api.js';
import { codeOf, problemOf, titleOf } from './problem.js';
import { text } from './texts.js';

/** Describes the outcome of sent files that have no job to show. */

const BROKE_OFF = { title: text('problem.broke-off'), detail: text('problem.broke-off.detail') };
/**
 * The statuses that also apply to a preview. If a file was refused with one of these statuses, the
 * server would also refuse a preview of the file.
 */
const NOT_FOR_PREVIEW = new Set([400, 401, 403, 413, 415, 429]);
/** The statuses with which the server would refuse the same file with the same settings again. */
const FINAL = new Set([400, 413, 415, 422]);
/** The problems that the file options of the form can cause. */
const OF_SETTINGS = new Set(['charset', 'mapping', 'parameter']);

/** The phase of the page after files were sent. */
export function phaseOfSent({ accepted, failed }) {
  const problems = failed.filter(isProblem);
  if (problems.length === 0) {
    return accepted.length > 0 ? 'sent' : 'idle';
  }
  if (accepted.length > 0) {
    return 'partly';
  }
  return problems.every(({ brokeOff }) => brokeOff) ? 'interrupted' : 'refused';
}

/** The problem to show, or null. */
export function problemOfSent({ files, failed }) {
  const problems = failed.filter(isProblem);
  if (problems.length === 0) {
    return null;
  }
  if (problems.length === 1 && files.length === 1) {
    return problemOfFile(problems[0]);
  }
  return {
    title: text('problem.not-accepted', { count: problems.length }),
    errors: problems.map((file) =>
      ({ column: file.file.name, detail: inOneSentence(problemOfFile(file)) })),
  };
}

export const canRetry = ({ failed }) => failed.some(({ brokeOff }) => brokeOff);

/** Whether the user could correct the refused file in a preview. */
export const canBeCorrected = ({ files, failed }) => files.length === 1 && failed.length === 1
  && !files[0].preview && !failed[0].brokeOff && isProblem(failed[0])
  && !NOT_FOR_PREVIEW.has(failed[0].failure.status);

/** Whether the user must choose another file, or other settings, because no file is acceptable. */
export const areUnacceptable = ({ files, failed }) => failed.length === files.length
  && failed.every(({ failure }) => FINAL.has(failure.status));

/** Whether the file options of the form may be the reason for a refusal. */
export const mayBlameSettings = ({ failed }) =>
  failed.some(({ failure }) => FINAL.has(failure.status) && OF_SETTINGS.has(codeOf(failure.problem)));

const isProblem = ({ failure }) => !(failure instanceof Stopped);
const problemOfFile = ({ brokeOff, failure }) => (brokeOff ? BROKE_OFF : problemOf(failure));
const inOneSentence = (problem) => [titleOf(problem), problem.detail].filter(Boolean).join(': ');
