/** The SDK's runner prints an error that nobody waits for, and the pack goes on. */
const uncaughtError = /^error: \[runtime\] Running program '.*' failed with an unhandled exception:/;

/** A frame of such an error where the SDK itself threw it, outside of a policy: an answer is not sent then. */
const unanswerable = /^\s+at (?:\w+\.)?(?:makeAnalyzeResponse|makeRemediateResponse|deserializeProperties) \(/;

/**
 * Finds errors that nobody waited for in what a pack prints, given line by line.
 * @param onError Called for each
 * @param onUnanswerable Called once for each that kept the SDK from answering
 */
export function uncaughtErrors(onError: () => void, onUnanswerable: () => void): (line: string) => void {
  let isWithin = false;
  return (line) => {
    const isFirst = uncaughtError.test(line);
    if (isFirst) onError();
    // What follows is indented; the error is printed once more before, which does not count.
    isWithin = isFirst || (isWithin && /^\s/.test(line));
    if (!isWithin || !unanswerable.test(line)) return;
    isWithin = false;
    onUnanswerable();
  };
}
