/** In milliseconds: Node.js fires longer timers at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;
