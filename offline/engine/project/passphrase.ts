import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import * as fs from "node:fs";

/**
 * Decrypts values that `pulumi config set --secret` wrote with a passphrase.
 * @see https://www.pulumi.com/docs/iac/concepts/secrets/#configuring-secrets-encryption
 */
export class PassphraseDecrypter {
  /** 1,000,000 rounds take about a second, so the key is derived when first needed. */
  private key: Buffer | undefined;

  /** @param salt `encryptionsalt` of the stack file: `v1:<salt>:v1:<nonce>:<the encrypted word "pulumi">`. */
  constructor(
    private readonly passphrase: string,
    private readonly salt: string,
  ) {}

  /** @throws Error when the passphrase is wrong or the value is damaged */
  decrypt(value: string): string {
    this.key ??= this.deriveKey();
    return open(this.key, value);
  }

  private deriveKey(): Buffer {
    const [version, salt = "", ...check] = this.salt.split(":");
    if (version !== "v1") throw new Error(`"encryptionsalt" has the unknown version ${version}`);
    const key = pbkdf2Sync(this.passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
    try {
      open(key, check.join(":"));
    } catch {
      throw new Error("the passphrase is not this stack's");
    }
    return key;
  }
}

function open(key: Buffer, value: string): string {
  const [version, nonce = "", text = ""] = value.split(":");
  if (version !== "v1") throw new Error("it was not encrypted with a passphrase");
  const sealed = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
}

/** The passphrase from the environment, as the Pulumi CLI reads it. */
export function readPassphrase(environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (environment.PULUMI_CONFIG_PASSPHRASE !== undefined) return environment.PULUMI_CONFIG_PASSPHRASE;
  return file ? fs.readFileSync(file, "utf8").trim() : undefined;
}
