import { CLEAR_LINE } from "./lines";
import { count } from "./text";

export interface Progress {
  /** Counts one more resource. */
  count(): void;
  /** Removes the line. */
  stop(): void;
}

/** A line on a terminal that says how far the program has come; nothing on other streams. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { count: () => undefined, stop: () => undefined };
  const began = Date.now();
  let resources = 0;
  const draw = () => {
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    stream.write(`${CLEAR_LINE}running the program: ${count(resources, "resource")}, ${seconds} s`);
  };
  const timer = setInterval(draw, 100);
  return {
    count: () => {
      resources++;
    },
    stop: () => {
      clearInterval(timer);
      stream.write(CLEAR_LINE);
    },
  };
}
