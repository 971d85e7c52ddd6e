export interface Progress {
  /** Counts one more resource. */
  count(): void;
  /** Takes the line away. */
  stop(): void;
}

/** A line on a terminal that says how far the program is; nothing where no one watches. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { count: () => undefined, stop: () => undefined };
  const began = Date.now();
  let resources = 0;
  const draw = () => {
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    stream.write(`\r\u001b[Krunning the program: ${resources} resources, ${seconds} s`);
  };
  const timer = setInterval(draw, 100);
  return {
    count: () => {
      resources++;
    },
    stop: () => {
      clearInterval(timer);
      stream.write("\r\u001b[K");
    },
  };
}
