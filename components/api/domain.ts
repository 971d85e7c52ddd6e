import * as acm from "@pulumi/aws/acm";
import * as apigateway from "@pulumi/aws/apigateway";
import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { onceReady } from "../resource";
import { EndpointAccessMode, EndpointType, type ServerlessApiArgs } from "./args";
import type { DomainArgs } from "./edgeArgs";
import { isModern } from "./endpointChecks";

/** Where the certificates of edge APIs must be, as CloudFront uses them. */
export const edgeRegion = "us-east-1";

type Scheme = "https" | "wss";
type Tags = ServerlessApiArgs["tags"];

/** What a domain's records point at. */
interface Endpoint {
  name: pulumi.Input<string>;
  zoneId: pulumi.Input<string>;
}

/** Maps a domain to a stage of a REST API. Its URL is known only once it can be called. */
export function createRestDomain(
  name: string,
  { domain, endpointType = EndpointType.Regional, tags }: { domain: DomainArgs } & ServerlessApiArgs,
  stage: apigateway.Stage,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const isEdge = endpointType === EndpointType.Edge;
  const certificate = certificateOf(name, domain, tags, isEdge, parent);
  const { securityPolicy = "TLS_1_2" } = domain;
  const domainName = new apigateway.DomainName(
    name,
    {
      domainName: domain.name,
      endpointConfiguration: { types: endpointType },
      ...(isEdge ? { certificateArn: certificate } : { regionalCertificateArn: certificate }),
      securityPolicy,
      endpointAccessMode: isModern(securityPolicy)
        ? (domain.endpointAccessMode ?? EndpointAccessMode.Basic)
        : undefined,
      mutualTlsAuthentication: domain.mutualTls,
      tags,
    },
    { parent },
  );
  const { restApi, stageName } = stage;
  const mapping = new apigateway.BasePathMapping(
    name,
    { restApi, stageName, domainName: domainName.domainName, basePath: domain.basePath },
    { parent },
  );
  const endpoint = isEdge
    ? { name: domainName.cloudfrontDomainName, zoneId: domainName.cloudfrontZoneId }
    : { name: domainName.regionalDomainName, zoneId: domainName.regionalZoneId };
  return onceReady(pulumi.output(urlOf(domain)), [mapping, ...createAlias(name, domain, endpoint, parent)]);
}

/** The same for an HTTP or a WebSocket API. */
export function createDomain(
  name: string,
  domain: DomainArgs,
  scheme: Scheme,
  tags: Tags,
  stage: apigatewayv2.Stage,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const certificateArn = certificateOf(name, domain, tags, false, parent);
  const domainNameConfiguration = { certificateArn, endpointType: EndpointType.Regional, securityPolicy: "TLS_1_2" };
  const domainName = new apigatewayv2.DomainName(
    name,
    { domainName: domain.name, domainNameConfiguration, mutualTlsAuthentication: domain.mutualTls, tags },
    { parent },
  );
  const mapping = new apigatewayv2.ApiMapping(
    name,
    { apiId: stage.apiId, stage: stage.name, domainName: domainName.domainName, apiMappingKey: domain.basePath },
    { parent },
  );
  const endpoint = {
    name: domainName.domainNameConfiguration.targetDomainName,
    zoneId: domainName.domainNameConfiguration.hostedZoneId,
  };
  return onceReady(pulumi.output(urlOf(domain, scheme)), [mapping, ...createAlias(name, domain, endpoint, parent)]);
}

/** The URL that a domain gives an API, known before anything is created. */
export function urlOf({ name, basePath }: DomainArgs, scheme: Scheme = "https"): string {
  return `${scheme}://${name}${basePath === undefined ? "" : `/${basePath}`}`;
}

/** The certificate that is given, or a new one. API Gateway accepts it only after its validation. */
function certificateOf(
  name: string,
  { name: domainName, certificateArn, zoneId }: DomainArgs,
  tags: Tags,
  isEdge: boolean,
  parent: pulumi.Resource,
): pulumi.Input<string> {
  if (certificateArn !== undefined || zoneId === undefined) return certificateArn ?? "";
  const region = isEdge ? edgeRegion : undefined;
  const certificate = new acm.Certificate(name, { domainName, validationMethod: "DNS", region, tags }, { parent });
  // Mocks and emulators may leave the options out.
  const option = certificate.domainValidationOptions.apply((options = []) => options[0]);
  const record = new route53.Record(
    `${name}-validation`,
    {
      zoneId,
      name: option.apply((one) => one?.resourceRecordName ?? ""),
      type: option.apply((one) => one?.resourceRecordType ?? "CNAME"),
      records: [option.apply((one) => one?.resourceRecordValue ?? "")],
      ttl: 300,
      allowOverwrite: true,
    },
    { parent },
  );
  const validationArgs = { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region };
  return new acm.CertificateValidation(name, validationArgs, { parent }).certificateArn;
}

function createAlias(name: string, domain: DomainArgs, endpoint: Endpoint, parent: pulumi.Resource): pulumi.Resource[] {
  const { zoneId } = domain;
  if (zoneId === undefined) return [];
  const aliases = [{ ...endpoint, evaluateTargetHealth: false }];
  return [new route53.Record(name, { zoneId, name: domain.name, type: "A", aliases }, { parent })];
}
