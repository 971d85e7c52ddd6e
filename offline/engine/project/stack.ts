import * as fs from "node:fs";
import * as path from "node:path";
import { isYamlMap, readYaml, type YamlMap } from "../documents";
import { messageOf, ProgramError } from "../errors";
import { PassphraseDecrypter, readPassphrase } from "./passphrase";
import { fullKey, type Project, shortKey, unread } from "./project";
import { type Declaration, isOfType, type Settings, settingOf, typeName } from "./settings";

/** The stack to run: `dev` if it has a file, else the only one that has one; `dev` if none has. */
export function chooseStack(project: Project, wanted: string | undefined): string {
  const stacks = listStacks(project);
  const [first = "dev", ...others] = stacks;
  if (wanted === undefined) {
    if (stacks.includes("dev") || stacks.length === 0) return "dev";
    if (others.length === 0) return first;
    throw new ProgramError(`Which stack? Give --stack with one of: ${stacks.join(", ")}.`);
  }
  // A stack's full name is organization/project/stack.
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  if (stacks.length === 0 || stacks.includes(name)) return name;
  throw new ProgramError(
    `There is no stack "${name}" in ${project.stackDirectory}. Its stacks are: ${stacks.join(", ")}.`,
  );
}

/** The stack's file, if it exists. */
export function stackFile(project: Project, stack: string): string | undefined {
  const extensions = [path.extname(project.file), ".yaml", ".yml", ".json"];
  const candidates = extensions.map((extension) => path.join(project.stackDirectory, `Pulumi.${stack}${extension}`));
  return candidates.find((file) => fs.existsSync(file));
}

/** `Pulumi.<stack>.deploy.yaml` is not a stack's file: it has settings of deployments in Pulumi Cloud. */
function listStacks(project: Project): string[] {
  const files = fs.existsSync(project.stackDirectory) ? fs.readdirSync(project.stackDirectory) : [];
  const stacks = files.flatMap((file) => /^Pulumi\.(.+)(?<!\.deploy)\.(?:ya?ml|json)$/.exec(file)?.[1] ?? []);
  return [...new Set(stacks)];
}

/** The top-level keys of a stack's file. */
const properties = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

/**
 * The settings of a stack's file.
 * @param given Values that replace the file's, which are then not decrypted
 * @param placeholders Whether secrets that only a service or a key can decrypt become placeholders, as text
 */
export function readStackSettings(
  project: Project,
  file: string,
  declarations: Map<string, Declaration>,
  given: Record<string, string>,
  placeholders: boolean,
) {
  const yaml = readYaml(file);
  const name = path.basename(file);
  const config = yaml.config ?? {};
  const sealed = new Sealed(yaml.encryptionsalt, placeholders);
  const settings: Settings = {};
  const mistakes = isYamlMap(config) ? [] : [`"config" must be a map of keys`];
  const warnings = strays(name, yaml);
  for (const [written, value] of Object.entries(isYamlMap(config) ? config : {})) {
    const key = fullKey(project, written);
    const short = shortKey(project, key);
    const { plain, opened } = sealed.open(value ?? "", key in given ? undefined : short);
    const isPlain = opened.length === 0;
    const { secret: isDeclaredSecret = false, type, items } = declarations.get(key) ?? {};
    if (!isPlain && !isOfType(type, items, plain)) sealed.refusePlaceholder(short, typeName(type, items));
    settings[key] = settingOf(
      typeof plain === "object" ? plain : String(plain),
      "the stack's file",
      isPlain ? isDeclaredSecret : opened,
    );
    if (key.split(":").length !== 2) mistakes.push(`"${written}" is not a valid key: write it as namespace:name`);
    if (value === null)
      warnings.push(`${name}: "${written}" has no value and is read as "": write "" or remove the key`);
    if (isPlain && isDeclaredSecret && !(key in given)) {
      const command = `run pulumi config set --secret ${short}`;
      mistakes.push(`"${key}" in ${name} is not encrypted, though Pulumi.yaml declares it secret: ${command}`);
    }
  }
  for (const short of sealed.closed()) delete settings[fullKey(project, short)];
  return {
    settings,
    mistakes: [...mistakes, ...sealed.mistakes()],
    warnings: [...warnings, ...sealed.warnings(name)],
    /** The keys that have no setting, because their values could not be decrypted. */
    closed: sealed.closed().map((short) => fullKey(project, short)),
  };
}

/** Warnings about top-level keys that are not read. */
function strays(name: string, yaml: YamlMap): string[] {
  return Object.keys(yaml).flatMap((key) => {
    if (key === "environment") return `${name}: "environment" is not read here; give its values with --config`;
    if (properties.includes(key)) return [];
    return unread(name, key, key.includes(":") ? [] : properties, `keys belong under "config:"`);
  });
}

/** Decrypts values, and remembers which keys it could not decrypt, and why. */
class Sealed {
  private readonly decrypter: PassphraseDecrypter | undefined;
  private readonly refused = new Map<string, Set<string>>();
  private readonly replaced = new Set<string>();

  constructor(
    private readonly salt: unknown,
    private readonly placeholders: boolean,
  ) {
    const passphrase = readPassphrase(process.env);
    if (passphrase !== undefined && typeof salt === "string")
      this.decrypter = new PassphraseDecrypter(passphrase, salt);
  }

  /**
   * `{ secure: text }` stands for a secret, at any depth.
   * @param key The key for the error message; absent if the value is not needed and is not decrypted
   */
  open(value: unknown, key: string | undefined): { plain: unknown; opened: string[] } {
    const opened: string[] = [];
    const walk = (inner: unknown): unknown => {
      if (Array.isArray(inner)) return inner.map(walk);
      if (!isYamlMap(inner)) return inner;
      if (typeof inner.secure === "string" && Object.keys(inner).length === 1) {
        const text = key === undefined ? "" : this.decrypt(inner.secure, key);
        opened.push(text);
        return text;
      }
      return Object.fromEntries(Object.entries(inner).map(([name, field]) => [name, walk(field)]));
    };
    return { plain: walk(value), opened };
  }

  /** Refuses the placeholder of a key whose value cannot be just any text. */
  refusePlaceholder(key: string, type: string): void {
    if (this.replaced.delete(key)) this.refuse(`needs a value of type ${type}, which no placeholder has`, key);
  }

  /** The keys that could not be decrypted. */
  closed(): string[] {
    return [...this.refused.values()].flatMap((keys) => [...keys]);
  }

  /** One sentence for each reason, with all the keys. */
  mistakes(): string[] {
    return [...this.refused].map(([reason, keys]) => {
      return keys.size === 1
        ? `${quoted(keys)} is encrypted and ${reason}: give it with ${flags(keys)}`
        : `${quoted(keys)} are encrypted and ${reason}: give them with ${flags(keys)}`;
    });
  }

  /** @param file The stack file's name */
  warnings(file: string): string[] {
    if (this.replaced.size === 0) return [];
    const why = "only passphrases can be used to decrypt here";
    const what = `${file}: placeholders stand for what is encrypted, as ${why}: ${quoted(this.replaced)}.`;
    return [`${what} If the program depends on a value, give it: ${flags(this.replaced)}`];
  }

  private decrypt(text: string, key: string): string {
    try {
      if (this.decrypter) return this.decrypter.decrypt(text);
      if (typeof this.salt === "string") this.refuse("PULUMI_CONFIG_PASSPHRASE is not set", key);
      else if (this.placeholders) return this.placeholder(key);
      else this.refuse("can only be decrypted by a service or a key (not supported)", key);
    } catch (error) {
      this.refuse(`cannot be decrypted (${messageOf(error)})`, key);
    }
    return "";
  }

  private placeholder(key: string): string {
    this.replaced.add(key);
    return `placeholder-for-${key.replace(/\W+/g, "-")}`;
  }

  private refuse(reason: string, key: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? new Set()).add(key));
  }
}

const quoted = (keys: Set<string>) => [...keys].map((key) => `"${key}"`).join(", ");
const flags = (keys: Set<string>) => [...keys].map((key) => `--config ${key}=VALUE`).join(" ");
