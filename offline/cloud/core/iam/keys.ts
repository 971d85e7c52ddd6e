import { createHmac, randomBytes } from "node:crypto";
import type { Credentials } from "../types";

/** The credentials of a session of a role. */
export interface SessionCredentials extends Credentials {
  sessionToken: string;
}

/** What AWS writes access keys with. */
const BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * An access key, such as `AKIAIOSFODNN7EXAMPLE`.
 * @param prefix `AKIA` for one that lasts, `ASIA` for one of a session
 */
export function accessKeyOf(prefix: "AKIA" | "ASIA", bytes: Buffer): string {
  return `${prefix}${[...bytes.subarray(0, 16)].map((byte) => BASE_32[byte % 32]).join("")}`;
}

/** Credentials that nobody can guess. */
export function createSession(): SessionCredentials {
  return {
    accessKeyId: accessKeyOf("ASIA", randomBytes(16)),
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(60).toString("base64"),
  };
}

/** The credentials with which a function runs in its role: the same in every worker, and known to nobody else. */
export function functionCredentials({ secretAccessKey }: Credentials, role: string, functionName: string): Credentials {
  const derive = (what: string) =>
    createHmac("sha256", secretAccessKey).update(`${what} ${role} ${functionName}`).digest();
  return {
    accessKeyId: accessKeyOf("ASIA", derive("key")),
    secretAccessKey: derive("secret").subarray(0, 30).toString("base64"),
  };
}
