/** Properties left out of the table of architecture properties on purpose, for the same reason. */
export interface Ignored {
  reason: string;
  /** By resource type. */
  paths: Record<string, string[]>;
}

const overrides = "launchTemplateConfigs[].overrides[].instanceRequirements";
const managedInstances = "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements";

export const ignored: Ignored[] = [
  {
    reason: "It excludes instance types; what is left to pick from, the other requirements tell.",
    paths: {
      "aws:autoscaling/group:Group": [
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceRequirements.excludedInstanceTypes[]",
      ],
      "aws:ec2/fleet:Fleet": [`${overrides}.excludedInstanceTypes[]`],
      "aws:ec2/launchTemplate:LaunchTemplate": ["instanceRequirements.excludedInstanceTypes[]"],
      "aws:ec2/spotFleetRequest:SpotFleetRequest": [`${overrides}.excludedInstanceTypes[]`],
      "aws:ecs/capacityProvider:CapacityProvider": [`${managedInstances}.excludedInstanceTypes[]`],
      "aws:lambda/capacityProvider:CapacityProvider": ["instanceRequirements[].excludedInstanceTypes[]"],
    },
  },
  {
    reason: "The service says what runs; nobody chooses.",
    paths: { "aws:ec2/fleet:Fleet": ["fleetInstanceSets[].instanceType", "fleetInstanceSets[].platform"] },
  },
  {
    reason: "The service offers no Graviton here (SageMaker: only endpoints and HyperPod do).",
    paths: {
      "aws:appstream/fleet:Fleet": ["instanceType"],
      "aws:appstream/imageBuilder:ImageBuilder": ["instanceType"],
      "aws:cloud9/environmentEC2:EnvironmentEC2": ["imageId", "instanceType"],
      "aws:cloudsearch/domain:Domain": ["scalingParameters.desiredInstanceType"],
      "aws:dax/cluster:Cluster": ["nodeType"],
      "aws:dms/replicationInstance:ReplicationInstance": ["replicationInstanceClass"],
      "aws:drs/replicationConfigurationTemplate:ReplicationConfigurationTemplate": ["replicationServerInstanceType"],
      "aws:m2/environment:Environment": ["instanceType"],
      "aws:sagemaker/algorithm:Algorithm": [
        "inferenceSpecification.supportedTransformInstanceTypes[]",
        "trainingSpecification.supportedTrainingInstanceTypes[]",
        "validationSpecification.validationProfiles.trainingJobDefinition.resourceConfig.instanceGroups[].instanceType",
        "validationSpecification.validationProfiles.trainingJobDefinition.resourceConfig.instanceType",
        "validationSpecification.validationProfiles.transformJobDefinition.transformResources.instanceType",
      ],
      "aws:sagemaker/app:App": ["resourceSpec.instanceType"],
      "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": ["jobResources.clusterConfig.instanceType"],
      "aws:sagemaker/domain:Domain": [
        "defaultSpaceSettings.jupyterLabAppSettings.defaultResourceSpec.instanceType",
        "defaultSpaceSettings.jupyterServerAppSettings.defaultResourceSpec.instanceType",
        "defaultSpaceSettings.kernelGatewayAppSettings.defaultResourceSpec.instanceType",
        "defaultUserSettings.codeEditorAppSettings.defaultResourceSpec.instanceType",
        "defaultUserSettings.jupyterLabAppSettings.defaultResourceSpec.instanceType",
        "defaultUserSettings.jupyterServerAppSettings.defaultResourceSpec.instanceType",
        "defaultUserSettings.kernelGatewayAppSettings.defaultResourceSpec.instanceType",
        "defaultUserSettings.rSessionAppSettings.defaultResourceSpec.instanceType",
        "defaultUserSettings.tensorBoardAppSettings.defaultResourceSpec.instanceType",
        "domainSettings.rStudioServerProDomainSettings.defaultResourceSpec.instanceType",
      ],
      "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": [
        "trainingJobDefinition.hyperParameterTuningResourceConfig.instanceConfigs[].instanceType",
        "trainingJobDefinition.hyperParameterTuningResourceConfig.instanceType",
        "trainingJobDefinition.resourceConfig.instanceGroups[].instanceType",
        "trainingJobDefinition.resourceConfig.instanceType",
        "trainingJobDefinitions[].hyperParameterTuningResourceConfig.instanceConfigs[].instanceType",
        "trainingJobDefinitions[].hyperParameterTuningResourceConfig.instanceType",
        "trainingJobDefinitions[].resourceConfig.instanceGroups[].instanceType",
        "trainingJobDefinitions[].resourceConfig.instanceType",
      ],
      "aws:sagemaker/monitoringSchedule:MonitoringSchedule": [
        "monitoringScheduleConfig.monitoringJobDefinition.monitoringResources.clusterConfig.instanceType",
      ],
      "aws:sagemaker/notebookInstance:NotebookInstance": ["instanceType"],
      "aws:sagemaker/space:Space": [
        "spaceSettings.codeEditorAppSettings.defaultResourceSpec.instanceType",
        "spaceSettings.jupyterLabAppSettings.defaultResourceSpec.instanceType",
        "spaceSettings.jupyterServerAppSettings.defaultResourceSpec.instanceType",
        "spaceSettings.kernelGatewayAppSettings.defaultResourceSpec.instanceType",
      ],
      "aws:sagemaker/trainingJob:TrainingJob": [
        "debugRuleConfigurations[].instanceType",
        "profilerRuleConfigurations[].instanceType",
        "resourceConfig.instanceGroups[].instanceType",
        "resourceConfig.instanceType",
      ],
      "aws:sagemaker/userProfile:UserProfile": [
        "userSettings.codeEditorAppSettings.defaultResourceSpec.instanceType",
        "userSettings.jupyterLabAppSettings.defaultResourceSpec.instanceType",
        "userSettings.jupyterServerAppSettings.defaultResourceSpec.instanceType",
        "userSettings.kernelGatewayAppSettings.defaultResourceSpec.instanceType",
        "userSettings.rSessionAppSettings.defaultResourceSpec.instanceType",
        "userSettings.tensorBoardAppSettings.defaultResourceSpec.instanceType",
      ],
    },
  },
  {
    reason: "The hardware of an Outpost is what was ordered.",
    paths: {
      "aws:eks/cluster:Cluster": ["outpostConfig.controlPlaneInstanceType", "outpostConfig.etcdInstanceType"],
      "aws:outposts/capacityTask:CapacityTask": ["instancePools[].instanceType"],
    },
  },
  {
    reason: "A size: the service picks the processor, or another property does.",
    paths: {
      "aws:amplify/app:App": ["jobConfig.buildComputeType"],
      "aws:appsync/apiCache:ApiCache": ["type"],
      "aws:codebuild/fleet:Fleet": ["computeConfiguration.machineType", "computeType"],
      "aws:codebuild/project:Project": [
        "buildBatchConfig.restrictions.computeTypesAlloweds[]",
        "environment.computeType",
        "environment.dockerServer.computeType",
      ],
      "aws:codecatalyst/devEnvironment:DevEnvironment": ["instanceType"],
      "aws:elasticsearch/domain:Domain": ["clusterConfig.warmType"],
      "aws:finspace/kxCluster:KxCluster": ["capacityConfiguration.nodeType"],
      "aws:finspace/kxScalingGroup:KxScalingGroup": ["hostType"],
      "aws:glue/devEndpoint:DevEndpoint": ["workerType"],
      "aws:glue/job:Job": ["workerType"],
      "aws:glue/mLTransform:MLTransform": ["workerType"],
      "aws:lightsail/database:Database": ["bundleId"],
      "aws:lightsail/instance:Instance": ["bundleId"],
      "aws:mwaa/environment:Environment": ["environmentClass"],
      "aws:opensearch/domain:Domain": ["clusterConfig.warmType"],
      "aws:timestreaminfluxdb/dbCluster:DbCluster": ["dbInstanceType"],
      "aws:timestreaminfluxdb/dbInstance:DbInstance": ["dbInstanceType"],
      "aws:workspaces/pool:Pool": ["bundleId"],
      "aws:workspaces/workspace:Workspace": ["bundleId", "workspaceProperties.computeTypeName"],
      "aws:workspacesweb/portal:Portal": ["instanceType"],
    },
  },
  {
    reason: "It describes, filters or lists; nothing runs on it.",
    paths: {
      "aws:ec2/defaultCreditSpecification:DefaultCreditSpecification": ["instanceFamily"],
      "aws:ecrpublic/repository:Repository": ["catalogData.architectures[]"],
      "aws:sagemaker/algorithm:Algorithm": ["inferenceSpecification.supportedRealtimeInferenceInstanceTypes[]"],
      "aws:sagemaker/domain:Domain": ["defaultUserSettings.studioWebPortalSettings.hiddenInstanceTypes[]"],
      "aws:sagemaker/userProfile:UserProfile": ["userSettings.studioWebPortalSettings.hiddenInstanceTypes[]"],
    },
  },
  {
    reason: "The word means something else here: an operating system, a kind of host, of request or of network node.",
    paths: {
      "aws:amplify/app:App": ["platform"],
      "aws:bedrock/agentDataSource:AgentDataSource": [
        "dataSourceConfiguration.confluenceConfiguration.sourceConfiguration.hostType",
        "dataSourceConfiguration.sharePointConfiguration.sourceConfiguration.hostType",
      ],
      "aws:codedeploy/application:Application": ["computePlatform"],
      "aws:codedeploy/deploymentConfig:DeploymentConfig": ["computePlatform"],
      "aws:codeguruprofiler/profilingGroup:ProfilingGroup": ["computePlatform"],
      "aws:ec2/capacityBlockReservation:CapacityBlockReservation": ["instancePlatform"],
      "aws:ec2/capacityReservation:CapacityReservation": ["instancePlatform"],
      "aws:ec2/instance:Instance": ["instanceMarketOptions.spotOptions.spotInstanceType"],
      "aws:ec2/launchTemplate:LaunchTemplate": ["instanceMarketOptions.spotOptions.spotInstanceType"],
      "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": ["netbiosNodeType"],
      "aws:imagebuilder/component:Component": ["platform"],
      "aws:opensearch/domain:Domain": ["clusterConfig.nodeOptions[].nodeType"],
      "aws:sns/platformApplication:PlatformApplication": ["platform"],
    },
  },
  {
    reason: "Redshift's names tell no processor (RG nodes are Graviton), and what replaces which is a migration.",
    paths: {
      "aws:redshift/cluster:Cluster": ["nodeType"],
      "aws:redshift/scheduledAction:ScheduledAction": ["targetAction.resizeCluster.nodeType"],
    },
  },
  {
    reason: "It can hold an architecture among anything else, in a form that a path cannot tell.",
    paths: {
      "aws:cloudcontrol/resource:Resource": ["desiredState"],
      "aws:cloudformation/stack:Stack": ["templateBody"],
      "aws:elasticbeanstalk/configurationTemplate:ConfigurationTemplate": ["settings[].value"],
      "aws:elasticbeanstalk/environment:Environment": ["settings[].value"],
      "aws:imagebuilder/containerRecipe:ContainerRecipe": ["parentImage"],
      "aws:imagebuilder/imageRecipe:ImageRecipe": ["parentImage"],
      "aws:scheduler/schedule:Schedule": ["target.input"],
      "aws:sfn/stateMachine:StateMachine": ["definition"],
    },
  },
  {
    reason: "It runs on machines that the program does not rent from AWS: those of a Docker host.",
    paths: {
      "docker:index/buildxBuilder:BuildxBuilder": ["platforms[]"],
      "docker:index/service:Service": ["taskSpec.placement.platforms[].architecture"],
    },
  },
];
