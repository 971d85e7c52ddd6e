import { type Limit, own, quota, syntax } from "./limit";

/** The limits of AWS Batch, EMR and EMR Serverless, and of what submits jobs. */
export const jobLimits: Record<string, Limit> = {
  AllocationStrategy: { model: "batch ComputeResourceUpdate.allocationStrategy" },
  ComputeType: {
    model: "batch ComputeResource.type",
    because: "the AWS provider lacks what ECS_MANAGED_INSTANCES needs",
  },
  "ComputeEnvironmentArgs.maxVcpus": { model: "batch ComputeResource.maxvCpus", because: quota },
  "ComputeEnvironmentArgs.minVcpus": { model: "batch ComputeResource.minvCpus", because: quota },
  "ComputeEnvironmentArgs.instanceTypes": { model: "batch ComputeResource.instanceTypes" },
  "ComputeEnvironmentArgs.bidPercentage": {
    model: "batch ComputeResource.bidPercentage",
    because: "a percentage of the On-Demand price, which Spot never exceeds",
  },
  "ComputeEnvironmentArgs.volumeSize": {
    model: "ec2 EbsBlockDevice.VolumeSize",
    says: "gp3: 1 - 65,536 GiB",
    because: "the images that Batch uses have 30 GiB",
  },
  "EtlPipelineArgs.maximumReceives": { because: "Amazon SQS Developer Guide, Dead-letter queues: 1 to 1,000 receives" },
  "EtlPipelineArgs.retentionDays": { because: "our own; dead letters are kept for 14 days" },
  "EtlRunArgs.script": { because: syntax },
  "EtlStepArgs.arguments": { because: "without a script, spark-submit does nothing" },
  "FairShareArgs.shares": { because: "an empty list gives nothing to share" },
  "FairShareArgs.decaySeconds": {
    model: "batch FairsharePolicy.shareDecaySeconds",
    says: "The maximum supported value is 604800",
  },
  "FairShareArgs.computeReservation": {
    model: "batch FairsharePolicy.computeReservation",
    says: "The minimum value is 0 and the maximum value is 99",
  },
  "GravitonBatchArgs.environments": {
    model: "batch CreateJobQueueRequest.computeEnvironmentOrder",
    says: "up to three compute environments",
    because: "the documentation writes the number as a word",
  },
  "GravitonBatchArgs.subnetIds": { model: "batch ComputeResource.subnets" },
  "GravitonBatchArgs.securityGroupIds": { model: "batch ComputeResource.securityGroupIds" },
  "GravitonBatchArgs.priority": {
    model: "batch CreateJobQueueRequest.priority",
    because: "AWS Batch User Guide, Job queue parameters: 0 to 1,000",
  },
  "InstanceUpdateArgs.timeoutMinutes": { model: "batch UpdatePolicy.jobExecutionTimeoutMinutes" },
  "JobArgs.vcpus": { because: "Fargate begins with a quarter; no instance has a thousand" },
  "JobArgs.memory": {
    model: "batch ResourceRequirement.value",
    says: "You must specify at least 4 MiB of memory",
    because: "no instance has 100 TB",
  },
  "JobArgs.gpus": { because: "no Graviton instance has more" },
  "JobArgs.timeout": {
    model: "batch JobTimeout.attemptDurationSeconds",
    says: "The minimum value for the timeout is 60 seconds",
    because: "Fargate ends tasks after two weeks",
  },
  "JobArgs.attempts": { model: "batch RetryStrategy.attempts", says: "between 1 and 10 attempts" },
  "JobArgs.retryRules": {
    model: "batch RetryStrategy.evaluateOnExit",
    says: "up to 5 objects",
    because: "the component adds two of its own",
  },
  "JobArgs.schedulingPriority": {
    model: "batch RegisterJobDefinitionRequest.schedulingPriority",
    says: "The minimum supported value is 0 and the maximum supported value is 9999",
  },
  "JobArgs.ephemeralStorage": {
    model: "batch EphemeralStorage.sizeInGiB",
    says: "The minimum supported value is 21 GiB and the maximum supported value is 200 GiB",
  },
  "JobImageArgs.repositoryUrl": {
    because: "an address with a repository's name, which jobImage's tests hold against ECR's pattern",
  },
  "JobImageArgs.keepImages": { because: "our own; ECR counts any number" },
  "InstanceScheduleArgs.minimumUptime": { because: "our own, a week" },
  "InstanceScheduleArgs.minimumRunning": { because: "our own" },
  "InstanceTagArgs.key": { because: "Amazon EC2 User Guide, Tag restrictions: 128 characters" },
  "InstanceTagArgs.value": { because: "Amazon EC2 User Guide, Tag restrictions: 256 characters" },
  "JobSubmissionArgs.timeout": { because: "our own, below a function's 15 minutes" },
  "NodesArgs.count": { because: "AWS Batch User Guide, Multi-node parallel jobs: up to 1,000 nodes" },
  "NodesArgs.main": { because: "the nodes are counted from 0" },
  RetryAction: { model: "batch EvaluateOnExit.action" },
  "RetryRuleArgs.onStatusReason": {
    model: "batch EvaluateOnExit.onStatusReason",
    says: "The pattern can contain up to 512 characters",
  },
  "RetryRuleArgs.onReason": {
    model: "batch EvaluateOnExit.onReason",
    says: "The pattern can contain up to 512 characters",
  },
  "RetryRuleArgs.onExitCode": {
    model: "batch EvaluateOnExit.onExitCode",
    says: "The pattern can be up to 512 characters long",
  },
  "ShareArgs.identifier": { because: "AWS Batch API, ShareAttributes: letters and digits, up to 255, and an asterisk" },
  "ShareArgs.weight": {
    model: "batch ShareAttributes.weightFactor",
    says: "The smallest supported value is 0.0001, and the largest supported value is 999.9999",
  },
  "StuckJobArgs.*": {
    model: "batch JobStateTimeLimitAction.maxTimeSeconds",
    says: "The minimum value is 600 (10 minutes) and the maximum value is 86,400",
  },
  "batch-timeout.maximumSeconds": {
    model: "batch JobTimeout.attemptDurationSeconds",
    says: "The minimum value for the timeout is 60 seconds",
  },
  "batch-retry.maximumAttempts": { model: "batch RetryStrategy.attempts", says: "between 1 and 10 attempts" },
  Workload: { because: own },

  ActionOnFailure: {
    model: "emr StepConfig.ActionOnFailure",
    because: "TERMINATE_JOB_FLOW is the old name of TERMINATE_CLUSTER",
  },
  "EmrBootstrapActionArgs.name": { model: "emr BootstrapActionConfig.Name", because: "an empty name says nothing" },
  "EmrBootstrapActionArgs.path": { because: syntax },
  "EmrClusterArgs.applications": { model: "emr RunJobFlowInput.Applications" },
  "EmrClusterArgs.idleTimeout": {
    model: "emr AutoTerminationPolicy.IdleTimeout",
    says: "a minimum of 60 seconds and a maximum of 604800 seconds",
  },
  "EmrClusterArgs.stepConcurrency": {
    model: "emr RunJobFlowInput.StepConcurrencyLevel",
    says: "The maximum value is 256",
  },
  "EmrClusterArgs.steps": { because: "Amazon EMR API, RunJobFlow: 256 steps" },
  "EmrClusterArgs.bootstrapActions": { because: "Amazon EMR Management Guide, Create bootstrap actions: 16" },
  "EmrClusterArgs.subnetIds": { model: "emr JobFlowInstancesConfig.Ec2SubnetIds" },
  "EmrClusterArgs.logUri": { because: syntax },
  "EmrClusterArgs.imageId": { because: syntax },
  "EmrClusterArgs.rootVolumeSize": {
    because: "Amazon EMR Management Guide, Customize the root device volume: 15 to 100 GiB",
  },
  "EmrKerberosArgs.realm": { because: syntax },
  "EmrKerberosArgs.kdcAdminPassword": {
    model: "emr KerberosAttributes.KdcAdminPassword",
    because: "an empty password protects nothing",
  },
  "EmrKerberosArgs.ticketLifetimeHours": { because: "the model of a security configuration is a text" },
  "EmrNodesArgs.onDemand": { model: "emr InstanceFleetConfig.TargetOnDemandCapacity", because: quota },
  "EmrNodesArgs.spot": { model: "emr InstanceFleetConfig.TargetSpotCapacity", because: quota },
  "EmrNodesArgs.instanceTypes": {
    because: "Amazon EMR Management Guide, Instance fleets: 30 types with an allocation strategy",
  },
  "EmrNodesArgs.bidPercentage": {
    model: "emr InstanceTypeConfig.BidPriceAsPercentageOfOnDemandPrice",
    because: "Spot never exceeds the On-Demand price",
  },
  "EmrNodesArgs.spotTimeoutMinutes": {
    model: "emr SpotProvisioningSpecification.TimeoutDurationMinutes",
    says: "Minimum value is 5 and maximum value is 1440",
  },
  "EmrScalingArgs.*": { because: quota },
  "EmrSecurityArgs.certificates": { because: syntax },
  "EmrSecurityArgs.runtimeRoles": { because: "an empty record grants nothing" },
  "EmrStepArgs.name": { model: "emr StepConfig.Name", because: "an empty name says nothing" },
  "EmrStepArgs.command": { model: "emr HadoopJarStepConfig.Args" },
  "EmrVolumeArgs.size": {
    model: "ec2 EbsBlockDevice.VolumeSize",
    says: "gp3: 1 - 65,536 GiB",
    because: "EMR's images need 5 GiB",
  },
  "EmrVolumeArgs.iops": {
    model: "ec2 EbsBlockDevice.Iops",
    says: "gp3: 3,000 - 80,000 IOPS",
    because: "io1 begins with 100",
  },
  "EmrVolumeArgs.count": { because: "Amazon EMR Management Guide, Instance storage: 25 volumes" },
  InstanceCollection: { model: "emr Cluster.InstanceCollectionType" },
  ScalingUnit: {
    model: "emr ComputeLimits.UnitType",
    because: "fleets have InstanceFleetUnits, which the component sets",
  },
  SpotAllocationStrategy: {
    model: "emr SpotProvisioningSpecification.AllocationStrategy",
    because: "capacity-optimized-prioritized needs priorities of types, which the AWS provider lacks",
  },
  SpotTimeoutAction: { model: "emr SpotProvisioningSpecification.TimeoutAction" },
  VolumeType: {
    model: "emr VolumeSpecification.VolumeType",
    says: "gp3, gp2, io1, st1, sc1, and standard",
    because: "the others are slower or older at the price of these",
  },

  EmrEngine: { model: "emr-serverless CreateApplicationRequest.type", says: "such as Spark or Hive" },
  "EmrMaximumCapacityArgs.*": { because: quota },
  "EmrSchedulerArgs.maximumRuns": {
    model: "emr-serverless SchedulerConfiguration.maxConcurrentRuns",
    says: "The valid range is 1 to 1000",
  },
  "EmrSchedulerArgs.queueTimeoutMinutes": {
    model: "emr-serverless SchedulerConfiguration.queueTimeoutMinutes",
    says: "The valid range is from 15 to 720",
  },
  "EmrServerlessArgs.idleMinutes": {
    model: "emr-serverless AutoStopConfig.idleTimeoutMinutes",
    because: "0 is our word for an application that never stops",
  },
  "EmrServerlessArgs.subnetIds": { model: "emr-serverless NetworkConfiguration.subnetIds" },
  "EmrServerlessArgs.imageUri": {
    model: "emr-serverless ImageConfigurationInput.imageUri",
    because: "ECR tells whether a repository exists",
  },
  "EmrServerlessArgs.configurations{}": {
    model: "emr-serverless Configuration.properties",
    because: "what is over 100 properties is left to AWS",
  },
  "EmrWorkersArgs.count": { model: "emr-serverless InitialCapacityConfig.workerCount" },
  "EmrWorkersArgs.*": { because: "Amazon EMR Serverless User Guide, Worker configurations" },
  "emr-serverless-auto-stop.maximumIdleMinutes": {
    model: "emr-serverless AutoStopConfig.idleTimeoutMinutes",
    because: "the setting may be as lax as one likes",
  },
};
