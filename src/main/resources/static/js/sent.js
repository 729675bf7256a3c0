import { Stopped } from './api.js';
import { problemOf } from './problem.js';

/** What became of files that were sent and have no job to show. */

const BROKE_OFF = {
  title: 'The upload broke off',
  detail: 'The connection ended before the server answered. The server can be away, the file can '
    + 'be too large for it, or the file changed while it was sent.',
};
/** Refusals that a preview cannot mend: it would be refused as well. */
const NOT_FOR_PREVIEW = new Set([400, 401, 403, 413, 415, 429]);

/** The phase of the page after that. */
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
    title: problems.length === 1
      ? 'A file was not accepted'
      : `${problems.length} files were not accepted`,
    errors: problems.map((file) =>
      ({ column: file.file.name, detail: inOneSentence(problemOfFile(file)) })),
  };
}

export const canRetry = ({ failed }) => failed.some(({ brokeOff }) => brokeOff);

/** Whether a preview could take the file that was refused. */
export const canBeCorrected = ({ files, failed }) => files.length === 1 && failed.length === 1
  && !files[0].preview && !failed[0].brokeOff && isProblem(failed[0])
  && !NOT_FOR_PREVIEW.has(failed[0].failure.status);

const isProblem = ({ failure }) => !(failure instanceof Stopped);
const problemOfFile = ({ brokeOff, failure }) => (brokeOff ? BROKE_OFF : problemOf(failure));
const inOneSentence = ({ title, detail }) => [title, detail].filter(Boolean).join(': ');
