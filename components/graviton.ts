export { type Architecture, architectureOf, isGraviton } from "./pure/graviton/architecture";
export { type EmrSupport, emrEquivalent, emrSupport, emrSupports } from "./pure/graviton/emr";
export { type Equivalent, gravitonEquivalent } from "./pure/graviton/equivalent";
export { gravitonFamilies } from "./pure/graviton/families";
