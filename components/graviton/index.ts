export { type Architecture, architectureOf, isGraviton } from "./architecture";
export { type EmrSupport, emrEquivalent, emrSupport, emrSupports } from "./emr";
export { type Equivalent, gravitonEquivalent } from "./equivalent";
export { gravitonFamilies } from "./families";
export { arm64Layer } from "./layers";
