declare module "mime" {
  /** The media type that a file's name suggests. */
  export function getType(file: string): string | null;
}
