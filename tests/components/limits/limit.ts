/** Which limit of AWS's models one of ours corresponds to. */
export interface Limit {
  /** The member of a shape of a service's model: `lambda CreateFunctionRequest.Timeout`. Absent if AWS has none. */
  model?: string;
  /** What the member's documentation says, if the model has the numbers only there. */
  says?: string;
  /** Why ours is another, or why AWS's model has none. */
  because?: string;
}

export const own = "our own words; the component translates them";
export const quota = "far above what any account's quota allows, and below what overflows";
export const syntax = "the model takes any text; AWS refuses what is not of this form later";
export const century = "the model has no maximum; a hundred years are a mistake in the unit";
