import { createHmac, createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A key pair of an issuer. */
export interface TestKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The public key, as a key set has it. */
  jwk: JsonWebKey & { kid: string };
}

export function createKey(kid: string, type: "rsa" | "ec" = "rsa"): TestKey {
  const { privateKey, publicKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: "jwk" }), kid } };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs without any library of ours. The header may say anything. */
export function signToken(claims: object, { kid, privateKey }: TestKey, header: object = {}): string {
  const isEc = privateKey.asymmetricKeyType === "ec";
  const text = `${encode({ alg: isEc ? "ES256" : "RS256", typ: "JWT", kid, ...header })}.${encode(claims)}`;
  const key = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** A token whose signature is a code made with a text that everybody knows, such as a public key. */
export function signWithText(claims: object, secret: string, kid: string): string {
  const text = `${encode({ alg: "HS256", typ: "JWT", kid })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

export function unsignedToken(claims: object, kid: string): string {
  return `${encode({ alg: "none", typ: "JWT", kid })}.${encode(claims)}.`;
}

/** An issuer on this machine, whose keys can be changed. */
export interface TestIssuer {
  url: string;
  keys: TestKey[];
  /** How often its keys were fetched. */
  fetches: number;
  close(): void;
}

export async function startIssuer(...keys: TestKey[]): Promise<TestIssuer> {
  const server = http.createServer(({ url }, response) => {
    const isKeys = url === "/keys";
    if (isKeys) issuer.fetches++;
    const discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(isKeys ? { keys: issuer.keys.map(({ jwk }) => jwk) } : discovery));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    fetches: 0,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return issuer;
}
