import { Part, type Templates } from "../templates";
import { byName } from "./arns";

const endpoint = "https://{CHARS:32}.gr7.{region}.eks.{dnsSuffix}";
const issuer = "oidc.eks.{region}.{dnsSuffix}/id/{CHARS:32}";
const certificate = Buffer.from("offline").toString("base64");
/** What clients need to reach a cluster and to verify its tokens. */
const access: Templates = {
  endpoint,
  identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }],
  certificateAuthority: { data: certificate },
};
const kubeconfig = {
  apiVersion: "v1",
  kind: "Config",
  clusters: [
    {
      name: "kubernetes",
      cluster: { server: endpoint, "certificate-authority-data": certificate },
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
 * EKS clusters, both the plain resource and the component `eks.Cluster`.
 * @see https://www.pulumi.com/registry/packages/eks/api-docs/cluster/#outputs
 */
export const eksTemplates: Record<string, Templates> = {
  "aws:eks/cluster:Cluster": byName("eks", "cluster/{name}", access),
  "eks:index:Cluster": {
    eksCluster: new Part("aws:eks/cluster:Cluster", "-eksCluster", { name: "{name}", ...access }),
    kubeconfig,
    kubeconfigJson: JSON.stringify(kubeconfig),
    "core.oidcProvider": new Part("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "-oidcProvider", {
      url: `https://${issuer}`,
    }),
    oidcIssuer: issuer,
    oidcProviderUrl: `https://${issuer}`,
  },
};
