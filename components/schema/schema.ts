/** What a property accepts, in the words of JSON Schema where it has one. */
export interface Property {
  /**
   * A kind of value, or the name of another type of the schema. A `record` maps any names to `values`; of an `object`
   * nothing more is known, as its type belongs to a provider.
   */
  type: string;
  /** It must not be left out. @default false */
  required?: true;
  /** It is a `pulumi.Input`: an Output or a promise will do. @default false */
  input?: true;
  /** What the elements of an array are. */
  items?: Property;
  /** What the values of a record are. */
  values?: Property;
  minimum?: number;
  maximum?: number;
  /** What a number counts. */
  unit?: string;
  /** One more number that is allowed outside of the bounds. */
  or?: number;
  /** The only values that are allowed. */
  choices?: (string | number)[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** The fewest elements of an array, or entries of a record. */
  minItems?: number;
  /** The most elements of an array, or entries of a record. */
  maxItems?: number;
  /** What to write instead of a wrong value, if the other properties would not say it well. */
  write?: string;
}

/** A type that is declared by name: an enum's values, or an interface's properties. */
export interface Type {
  enum?: string[];
  properties?: Record<string, Property>;
  /** Objects with more properties are accepted. @default false */
  open?: true;
}

/** The schema of all components' arguments, by the types' names. */
export type Schema = Record<string, Type>;
