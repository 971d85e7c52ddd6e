import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { Problem } from "../http/problem";
import { ifConditionHolds } from "./database";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyId = "page-token-key";

/**
 * Tokens that say where a list continues: encrypted, so that callers see no keys of the table, and bound to their query
 * by authentication (AES-256-GCM), so that a token changed or used with another query is refused. A token is version,
 * nonce, tag and ciphertext in base64url. The key is created when it is first needed and kept in the table: there is no
 * secret in the environment. To invalidate every token, delete it and restart the function.
 */
export class PageTokens {
  private key?: Promise<Buffer>;

  constructor(
    private readonly database: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /** @param query the operation and its parameters, which the token continues */
  async seal(position: object, query: object): Promise<string> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", await this.loadKey(), nonce).setAAD(boundTo(query));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(position)), cipher.final()]);
    return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /**
   * The position in a token; undefined without a token.
   * @throws Problem `invalid-parameter` if this API did not issue the token for this query
   */
  async open(token: string | undefined, query: object): Promise<unknown> {
    if (token === undefined) return undefined;
    const key = await this.loadKey();
    const bytes = Buffer.from(token, "base64url");
    const nonce = bytes.subarray(1, 1 + nonceBytes);
    const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
    const sealed = bytes.subarray(1 + nonceBytes + tagBytes);
    // Decoding tolerates stray characters and bits, but a token has only one spelling.
    if (bytes[0] !== version || sealed.length === 0 || bytes.toString("base64url") !== token) throw notOurs();
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes }).setAAD(boundTo(query));
      return JSON.parse(decipher.setAuthTag(tag).update(sealed, undefined, "utf8") + decipher.final("utf8"));
    } catch {
      throw notOurs();
    }
  }

  private loadKey(): Promise<Buffer> {
    this.key ??= this.readKey()
      .then((key) => key ?? this.createKey())
      .catch((error: unknown) => {
        this.key = undefined;
        throw error;
      });
    return this.key;
  }

  private async readKey(): Promise<Buffer | undefined> {
    const get = new GetCommand({ TableName: this.table, Key: { id: keyId }, ConsistentRead: true });
    const { Item: record } = await this.database.send(get);
    return record && Buffer.from(record.key);
  }

  private async createKey(): Promise<Buffer> {
    const key = randomBytes(32);
    const put = new PutCommand({
      TableName: this.table,
      Item: { id: keyId, key },
      ConditionExpression: "attribute_not_exists(id)",
    });
    if (await ifConditionHolds(this.database.send(put))) return key;
    // Another instance of the function was faster.
    return (await this.readKey()) ?? this.createKey();
  }
}

function boundTo(query: object): Buffer {
  return Buffer.from(JSON.stringify([version, query]));
}

function notOurs(): Problem {
  const mistake = { parameter: "nextToken", detail: "is not a valid token for this query; start again without it" };
  return new Problem("invalid-parameter", "The list cannot continue from here.", { errors: [mistake] });
}
