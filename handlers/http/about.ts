/** What the API's document says of the API as a whole. */
export const about = {
  title: "Items",
  description: "Items, the jobs that summarise them, and the Spark steps that summarise events about them.",
  license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
  contact: { name: "The operators of this deployment" },
  tagDescriptions: {
    Items: "What is stored",
    Jobs: "Containers on AWS Batch that summarise the items",
    Steps: "Spark on EMR, which summarises events of some days",
  },
};
