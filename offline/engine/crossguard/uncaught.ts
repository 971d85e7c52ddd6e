/** The SDK's runner prints an error that nobody awaits, and the pack continues. */
const uncaughtError = /^error: \[runtime\] Running program '.*' failed with an unhandled exception:/;

/** A frame of such an error that the SDK itself threw, outside any policy: it then sends no answer. */
const unanswerable = /^\s+at (?:\w+\.)?(?:makeAnalyzeResponse|makeRemediateResponse|deserializeProperties) \(/;

/**
 * Finds errors that nobody awaited in a pack's output, given line by line.
 * @param onError Called for each
 * @param onUnanswerable Called once for each that kept the SDK from answering
 */
export function uncaughtErrors(onError: () => void, onUnanswerable: () => void): (line: string) => void {
  let isWithin = false;
  return (line) => {
    const isFirst = uncaughtError.test(line);
    if (isFirst) onError();
    // The lines that follow are indented. The copy of the error printed before this one does not count.
    isWithin = isFirst || (isWithin && /^\s/.test(line));
    if (!isWithin || !unanswerable.test(line)) return;
    isWithin = false;
    onUnanswerable();
  };
}
