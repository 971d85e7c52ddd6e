import type { Arrival, Stage } from "./stage";

/** The stages of an API, and the one of paths that name none. */
export interface Stages {
  stages: Stage[];
  fallback?: Stage;
}

/** Where a path leads. */
export interface Located extends Pick<Arrival, "path" | "stagePath"> {
  stage?: Stage;
}

/** Finds the stage in `/stage/path` or `/path`. Duplicate slashes before either make no difference. */
export function locate({ stages, fallback }: Stages, path: string): Located {
  const named = stages.find((stage) => stage.path !== "" && startsWithSegment(path, stage.path));
  const stage = named ?? fallback;
  const sent = (named ? path.slice(named.path.length) : path) || "/";
  return { stage, path: trimSlashes(sent), stagePath: `${stage?.path}${sent}` };
}

export function trimSlashes(path: string): string {
  return path.replace(/^\/*/, "/");
}

export function startsWithSegment(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
