/**
 * Gives up after a time.
 * @param expired makes the error that ends the request
 */
export function withTimeout<Request, Result>(
  respond: (request: Request) => Result | Promise<Result>,
  milliseconds: number,
  expired: () => Error,
): (request: Request) => Promise<Result> {
  return async (request) => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(expired()), milliseconds);
    });
    try {
      return await Promise.race([respond(request), timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}
