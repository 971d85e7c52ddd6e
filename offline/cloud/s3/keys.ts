import { AwsError } from "../core/awsError";

/**
 * Where an object lies in its bucket's folder. Usual keys are their own paths, so that other programs find them.
 * Characters that a path cannot have are moved to the private use area, U+F000 plus the ASCII code, as in Cygwin and
 * Samba: unlike `%` or `~`, no other program writes them.
 */
const SHIFT = 0xf000;
const RESERVED = /[\uf000-\uf0ff]/;
/** The empty segment of `a//b`, `/a` and `a/`. Its dot hides it from Hadoop, to which `a/` marks a folder. */
const EMPTY = ".\uf02f";
/** Ends a name whose segment continues in the folder of that name, as file systems allow shorter names than S3. */
const CONTINUED = "\uf0fe";
/** Ends the name of an object whose own path is a folder, such as `a` beside `a/b`. */
const BESIDE = "\uf0ff";
/** File systems allow names of 255 bytes, and the marks above take three. */
const NAME_BYTES = 252;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_BYTES = 1024;

/**
 * The path of an object inside its bucket's folder, with `/` between names; it never leads out of the folder.
 * @throws AwsError if the key is too long, or contains a character that is reserved for paths
 */
export function pathOf(key: string): string {
  if (Buffer.byteLength(key) > KEY_BYTES) throw new AwsError("KeyTooLongError", "Your key is too long");
  const reserved = RESERVED.exec(key)?.[0];
  if (reserved) {
    const name = `U+${reserved.charCodeAt(0).toString(16).toUpperCase()}`;
    throw new AwsError(
      "InvalidArgument",
      `The key contains ${name}, a character that is reserved for file names offline`,
    );
  }
  return key.split("/").flatMap(namesOf).join("/");
}

/** @throws AwsError for text that is not UTF-8 */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

/** The path of an object while a folder has its usual one. */
export function besideFolder(path: string): string {
  return path + BESIDE;
}

/** The key of the object at a path; undefined if no key leads to the path. */
export function keyOf(path: string): string | undefined {
  const plain = path.endsWith(BESIDE) ? path.slice(0, -BESIDE.length) : path;
  const key = plain.replaceAll(`${CONTINUED}/`, "").split("/").map(segmentOf).join("/");
  return Buffer.byteLength(key) <= KEY_BYTES && !RESERVED.test(key) && pathOf(key) === plain ? key : undefined;
}

function namesOf(segment: string): string[] {
  if (segment === "") return [EMPTY];
  const shifted = /^\.\.?$/.test(segment) ? /\./g : /[\0\\]/g;
  return cut(segment.replace(shifted, (character) => String.fromCharCode(SHIFT + character.charCodeAt(0))));
}

function segmentOf(name: string): string {
  if (name === EMPTY) return "";
  return name.replace(/[\uf000-\uf07f]/g, (character) => String.fromCharCode(character.charCodeAt(0) - SHIFT));
}

function cut(name: string): string[] {
  if (Buffer.byteLength(name) <= NAME_BYTES) return [name];
  const pieces = [""];
  let bytes = 0;
  for (const character of name) {
    const more = Buffer.byteLength(character);
    if (bytes + more > NAME_BYTES) {
      pieces.push("");
      bytes = 0;
    }
    pieces[pieces.length - 1] += character;
    bytes += more;
  }
  return pieces.map((piece, index) => (index < pieces.length - 1 ? piece + CONTINUED : piece));
}
