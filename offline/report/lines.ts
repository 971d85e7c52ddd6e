/** Clears the line that shows the progress of a run. */
export const CLEAR_LINE = "\r\u001b[K";

/**
 * Writes lines to a stream, those of one turn of the event loop in one write: each request logs two, and writing to a file
 * or a terminal holds up everything else.
 */
export function lineWriter(stream: NodeJS.WritableStream & { isTTY?: boolean }): (line: string) => void {
  const start = stream.isTTY ? CLEAR_LINE : "";
  let pending = "";
  const flush = () => {
    stream.write(start + pending);
    pending = "";
  };
  return (line) => {
    if (pending === "") setImmediate(flush);
    pending += `${line}\n`;
  };
}
