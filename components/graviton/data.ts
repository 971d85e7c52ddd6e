// Written by `npm run refresh` from moto 5.2.5 (2026-10-27) and botocore 1.44.8 (2026-11-20): answers of EC2's
// DescribeInstanceTypes and EMR's ListSupportedInstanceTypes, and EC2's model.

/** The sizes of Graviton families on EC2, smallest first, bare metal last, as [families, sizes]. */
export const ec2Sizes: readonly (readonly [families: string, sizes: string])[] = [
  ["a1","medium large xlarge 2xlarge 4xlarge metal"],
  ["c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd x2gd","medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"],
  ["c6gn","medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"],
  ["c8g c8gb c8gd c8gn m8g m8gb m8gd m8gn r8g r8gb r8gd r8gn x8g","medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["c9g c9gd r9g r9gd","medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-48xl"],
  ["g5g","xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal"],
  ["hpc7g","4xlarge 8xlarge 16xlarge"],
  ["i4g im4gn","large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"],
  ["i8g","large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["i8ge","large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["is4gen","medium large xlarge 2xlarge 4xlarge 8xlarge"],
  ["m9g m9gd","medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-48xl metal-24xl"],
  ["t4g","nano micro small medium large xlarge 2xlarge"],
];

/** The types whose vCPUs the size does not tell, as type:vCPUs. */
export const irregularVcpus = "a1.metal:16 c1.medium:2 c1.xlarge:8 c4.8xlarge:36 c5.metal:96 c5d.metal:96 c5n.metal:72 c6a.metal:192 c6g.metal:64 c6gd.metal:64 c6i.metal:128 c6id.metal:128 c6in.metal:128 c7g.metal:64 c7gd.metal:64 c7gn.metal:64 d2.8xlarge:36 g4dn.metal:96 g5g.metal:64 hpc6a.48xlarge:96 hpc6id.32xlarge:64 hpc7a.12xlarge:24 hpc7a.24xlarge:48 hpc7a.48xlarge:96 hpc7a.96xlarge:192 hpc8a.96xlarge:192 i3en.metal:96 i4i.metal:128 m1.small:1 m2.xlarge:2 m2.2xlarge:4 m2.4xlarge:8 m5.metal:96 m5d.metal:96 m5dn.metal:96 m5n.metal:96 m5zn.metal:48 m6a.metal:192 m6g.metal:64 m6gd.metal:64 m6i.metal:128 m6id.metal:128 m6idn.metal:128 m6in.metal:128 m7g.metal:64 m7gd.metal:64 mac-m3ultra.metal:28 mac-m4.metal:10 mac-m4max.metal:16 mac-m4pro.metal:14 mac1.metal:12 mac2.metal:8 mac2-m1ultra.metal:20 mac2-m2.metal:8 mac2-m2pro.metal:12 r5.metal:96 r5b.metal:96 r5d.metal:96 r5dn.metal:96 r5n.metal:96 r6a.metal:192 r6g.metal:64 r6gd.metal:64 r6i.metal:128 r6id.metal:128 r6idn.metal:128 r6in.metal:128 r7g.metal:64 r7gd.metal:64 t1.micro:1 t2.nano:1 t2.micro:1 t2.small:1 t2.medium:2 t3.nano:2 t3.micro:2 t3.small:2 t3.medium:2 t3a.nano:2 t3a.micro:2 t3a.small:2 t3a.medium:2 t4g.nano:2 t4g.micro:2 t4g.small:2 t4g.medium:2 t8i.nano:2 t8i.micro:2 t8i.small:2 t8i.medium:2 x2gd.metal:64 x2idn.metal:128 x2iedn.metal:128 x2iezn.metal:48 z1d.metal:48";

/** EMR's newest release in each major version; `emr-spark-` releases are the major version 8. */
export const newestReleases = "4.9.6 5.36.2 6.15.0 7.14.0 8.1.0";

/** The Graviton families on EMR, as [family:sizes, the releases that list them]. */
export const emrFamilies: readonly (readonly [families: string, releases: string])[] = [
  ["c6g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge r6g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge","5.31.0-5.36.2 6.1.0-8.1.0"],
  ["c6gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge c6gn:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge m6gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge r6gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge","5.33.0-5.36.2 6.3.0-8.1.0"],
  ["c7g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge","5.36.1-5.36.2 6.7.0-8.1.0"],
  ["c7gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge c7gn:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge c8g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge i4g:xlarge,2xlarge,4xlarge,8xlarge,16xlarge i8g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge m7g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge m7gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge m8g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge r7g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge r7gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge r8g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge x2gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge x8g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge","5.36.1-5.36.2 6.10.0-8.1.0"],
  ["c8gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge m8gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge r8gd:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge","5.36.2 6.15.0 7.1.0-8.1.0"],
  ["c8gn:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge","4.6.1 5.0.1 5.18.0 5.36.2 6.0.1 6.10.0 6.15.0 7.9.0-8.1.0"],
  ["im4gn:xlarge,2xlarge,4xlarge,8xlarge,16xlarge is4gen:xlarge,2xlarge,4xlarge,8xlarge","5.35.0-5.36.2 6.6.0-8.1.0"],
  ["m6g:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge","5.30.0-5.36.2 6.1.0-8.1.0"],
  ["r8gb:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge r8gn:xlarge,2xlarge,4xlarge,8xlarge,12xlarge,16xlarge,24xlarge,48xlarge","4.2.0-4.6.0 4.8.2-5.0.0 5.0.3-5.17.2 5.18.1-6.0.0 6.1.0-6.9.1 6.10.1-8.1.0"],
];
