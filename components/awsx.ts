import * as pulumi from "@pulumi/pulumi";

/**
 * Loads a module of @pulumi/awsx, which needs to be installed only for what is created with it.
 * @param what the component that needs it
 * @throws pulumi.RunError when it is not installed
 */
export function fromAwsx<Module>(what: string, load: () => Module): Module {
  try {
    return load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !/'@pulumi\/awsx\//.test(message)) throw error;
    throw new pulumi.RunError(`${what} needs @pulumi/awsx, which is not installed: write npm install @pulumi/awsx`);
  }
}
