/** Processors, under Lambda's names. */
type Architecture = "arm64" | "x86_64";

/** What a native module's first bytes show. */
export interface NativeFormat {
  /** `ELF` is what Lambda's Linux loads. */
  format: "ELF" | "Mach-O" | "PE" | "unknown";
  /** The processor, under Lambda's name if it has one. */
  architecture: Architecture | "unknown";
}

const elfMachines = new Map<number, Architecture>([
  [0xb7, "arm64"],
  [0x3e, "x86_64"],
]);

const machOCpuTypes = new Map<number, Architecture>([
  [0x0100000c, "arm64"],
  [0x01000007, "x86_64"],
]);

const peMachines = new Map<number, Architecture>([
  [0xaa64, "arm64"],
  [0x8664, "x86_64"],
]);

export interface NativeModule {
  /** Where it was found. */
  source: string;
  contents: Uint8Array;
}

/** Words by which the names of packages and files distinguish the builds of a module. */
const buildWords = new Set(
  "x64 x86 64 amd64 ia32 arm arm64 aarch64 armv7 linux linuxmusl darwin win32 gnu musl gnueabihf msvc".split(" "),
);

/**
 * Splits modules into those that run on Lambda's Linux and the architecture, and those that do not. A module is left out
 * if another build of it fits, because the package will load that one.
 */
export function fittingModules<Module extends NativeModule>(
  modules: Module[],
  architecture: string,
): { fitting: Module[]; foreign: Module[] } {
  const fits = ({ contents }: Module) => {
    const found = nativeFormat(contents);
    return found.format === "ELF" && found.architecture === architecture;
  };
  const fitting = modules.filter(fits);
  const families = new Set(fitting.map(familyOf));
  return { fitting, foreign: modules.filter((module) => !fits(module) && !families.has(familyOf(module))) };
}

/** Equal for the builds of one module, such as `@img/sharp-linux-x64/lib/sharp-linux-x64.node` and its arm64 sibling. */
function familyOf({ source }: NativeModule): string {
  const words = source.toLowerCase().split(/[^a-z\d]+/);
  return words.filter((word) => !buildWords.has(word)).join(" ");
}

/**
 * Reads a native module's header.
 * @see ELF specification: e_ident and e_machine; Mach-O: mach_header_64; PE: COFF file header
 */
export function nativeFormat(bytes: Uint8Array): NativeFormat {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 20 && view.getUint32(0) === 0x7f454c46) {
    const littleEndian = bytes[5] === 1;
    return { format: "ELF", architecture: elfMachines.get(view.getUint16(18, littleEndian)) ?? "unknown" };
  }
  if (bytes.length >= 8 && view.getUint32(0, true) === 0xfeedfacf) {
    return { format: "Mach-O", architecture: machOCpuTypes.get(view.getUint32(4, true)) ?? "unknown" };
  }
  if (bytes.length >= 8 && view.getUint32(0) === 0xcafebabe) return { format: "Mach-O", architecture: "unknown" };
  if (bytes.length >= 64 && view.getUint16(0) === 0x4d5a) {
    const header = view.getUint32(60, true);
    const known = header + 6 <= bytes.length ? peMachines.get(view.getUint16(header + 4, true)) : undefined;
    return { format: "PE", architecture: known ?? "unknown" };
  }
  return { format: "unknown", architecture: "unknown" };
}
