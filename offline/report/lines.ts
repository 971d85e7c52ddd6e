/**
 * Writes lines to a stream. Those of one turn of the event loop become one write: each request logs two, and a write to a
 * file or a terminal holds up everything else.
 */
export function lineWriter(stream: NodeJS.WritableStream): (line: string) => void {
  let pending = "";
  const flush = () => {
    stream.write(pending);
    pending = "";
  };
  return (line) => {
    if (pending === "") setImmediate(flush);
    pending += `${line}\n`;
  };
}
