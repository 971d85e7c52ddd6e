/** Where a region is: the second part of ARNs there, and the end of AWS's host names. */
export interface Partition {
  partition: string;
  dnsSuffix: string;
  /** The beginning of the names of AWS's services as VPC endpoints. */
  reverseDnsPrefix: string;
}

const standard: Partition = { partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };

const others: [prefix: string, partition: Partition][] = [
  ["cn-", { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn", reverseDnsPrefix: "cn.com.amazonaws" }],
  ["us-gov-", { ...standard, partition: "aws-us-gov" }],
  ["eusc-", { partition: "aws-eusc", dnsSuffix: "amazonaws.eu", reverseDnsPrefix: "eu.amazonaws" }],
];

/** @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json */
export function partitionOf(region: string): Partition {
  return others.find(([prefix]) => region.startsWith(prefix))?.[1] ?? standard;
}
