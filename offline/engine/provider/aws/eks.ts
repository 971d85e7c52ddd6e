import { Part, type Templates } from "../templates";
import { byName } from "./arns";

const issuer = "oidc.eks.{region}.amazonaws.com/id/{CHARS:32}";
const certificate = Buffer.from("offline").toString("base64");
/** What only the cluster's own addresses need. */
const addresses: Templates = {
  endpoint: "https://{CHARS:32}.gr7.{region}.eks.amazonaws.com",
  identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }],
  certificateAuthority: { data: certificate },
};
const kubeconfig = {
  apiVersion: "v1",
  kind: "Config",
  clusters: [
    {
      name: "kubernetes",
      cluster: {
        server: "https://{CHARS:32}.gr7.{region}.eks.amazonaws.com",
        "certificate-authority-data": certificate,
      },
    },
  ],
  contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
  "current-context": "aws",
  users: [
    {
      name: "aws",
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", "{eksCluster}"],
        },
      },
    },
  ],
};

/**
 * Clusters of EKS, and what `eks.Cluster` makes of one.
 * @see https://www.pulumi.com/registry/packages/eks/api-docs/cluster/#outputs
 */
export const eksTemplates: Record<string, Templates> = {
  "aws:eks/cluster:Cluster": byName("eks", "cluster/{name}", addresses),
  "eks:index:Cluster": {
    eksCluster: new Part("aws:eks/cluster:Cluster", "-eksCluster", { name: "{name}", ...addresses }),
    kubeconfig,
    kubeconfigJson: JSON.stringify(kubeconfig),
    "core.oidcProvider": new Part("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "-oidcProvider", {
      url: `https://${issuer}`,
    }),
    oidcIssuer: issuer,
    oidcProviderUrl: `https://${issuer}`,
  },
};
