import { generateKeyPair, type JsonWebKey, randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import type * as jose from "jose";
import { replaceFile } from "../core/replaceFile";

const ALGORITHM = "RS256";

/** A private key, with the id by which the public one is found. */
type PrivateKey = JsonWebKey & { kid: string };

/** Signs the tokens that the program's APIs accept in place of those of their real issuers. */
export class LocalIssuer {
  private signing: Promise<PrivateKey> | undefined;

  /**
   * @param file keeps the key for later runs; only the user may read it. @default a new key in each run
   * @param given public keys that are accepted, too
   */
  constructor(
    private readonly file: string | undefined,
    private readonly given: jose.JWK[],
  ) {}

  /** The public keys. */
  async keySet(): Promise<jose.JSONWebKeySet> {
    const { kid, kty, n, e } = await this.key();
    return { keys: [{ kid, kty: String(kty), n, e, alg: ALGORITHM, use: "sig" }, ...this.given] };
  }

  async sign(claims: jose.JWTPayload): Promise<string> {
    const { importJWK, SignJWT } = require("jose") as typeof jose;
    const key = await this.key();
    const header = { alg: ALGORITHM, kid: key.kid, typ: "JWT" };
    return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(key as jose.JWK, ALGORITHM));
  }

  private key(): Promise<PrivateKey> {
    this.signing ??= this.load();
    return this.signing;
  }

  private async load(): Promise<PrivateKey> {
    const { file } = this;
    const kept = file === undefined ? undefined : await read(file);
    if (kept) return kept;
    const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: "jwk" }), kid: randomBytes(16).toString("base64url") };
    if (file !== undefined) {
      await fs.mkdir(path.dirname(file), { recursive: true });
      await replaceFile(file, JSON.stringify(key), { mode: 0o600 });
    }
    return key;
  }
}

/** Undefined if no key is kept, or a process that was killed left it half-written. */
async function read(file: string): Promise<PrivateKey | undefined> {
  try {
    const key = JSON.parse(await fs.readFile(file, "utf8")) as Partial<PrivateKey>;
    return typeof key.kid === "string" && typeof key.d === "string" ? (key as PrivateKey) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
