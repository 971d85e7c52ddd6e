import * as pulumi from "@pulumi/pulumi";
import * as components from "../../../components";

/** ARNs of resources that do not exist. */
const key = "arn:aws:kms:eu-west-1:123456789012:key/0a";
const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
const logGroup = "arn:aws:logs:eu-west-1:123456789012:log-group:/shop/orders";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:broker-abc123";
const boundary = "arn:aws:iam::123456789012:policy/boundary";

const common = { alarmTopicArns: [topic], tags: { team: "a" } };
const access = [
  {
    environment: { TABLE_NAME: pulumi.output("items") },
    statements: [
      {
        actions: ["dynamodb:GetItem"],
        resources: ["arn:aws:dynamodb:eu-west-1:123456789012:table/items"],
        conditions: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ],
  },
];
const batch = { access: () => ({ environment: { JOB_QUEUE: "queue" }, statements: [] }) };
const arns = {
  queueArn: pulumi.output("arn:aws:batch:eu-west-1:123456789012:job-queue/main"),
  jobDefinitionArns: { report: "arn:aws:batch:eu-west-1:123456789012:job-definition/report:1" },
};
const nodes = { spot: 2, bidPercentage: 80, spotTimeoutMinutes: 10, workload: "memory", size: "xlarge" } as const;
const response = {
  description: "An item",
  headers: { ETag: { schema: { type: "string" } } },
  content: { "application/json": { schema: { type: "object" } } },
};

/** Valid arguments of each component, with as many properties as possible. */
export const examples: [type: string, args: object][] = [
  ["AlarmTopic", { email: "ops@example.com", tags: { team: "a" } }],
  ["EncryptionKey", { description: "Data", services: ["logs", "events"], tags: { team: "a" } }],
  [
    "Network",
    {
      cidrBlock: "10.0.0.0/16",
      zoneNames: ["eu-west-1a"],
      nat: "None",
      interfaceEndpoints: ["ecr.api"],
      privateSubnetTags: { a: "b" },
      tags: { team: "a" },
    },
  ],
  [
    "ItemsTable",
    {
      ...common,
      hashKey: { name: "owner", type: "S" },
      rangeKey: { name: "id" },
      globalIndexes: [{ name: "byDate", hashKey: { name: "date", type: "N" }, projectedAttributes: ["title"] }],
      localIndexes: [{ name: "byTitle", rangeKey: { name: "title" } }],
      stream: "NEW_IMAGE",
      ttlAttribute: "expiresAt",
      kmsKeyArn: key,
      pointInTimeRecovery: true,
      tableClass: "STANDARD",
      readCapacity: { minimum: 1, maximum: 10, targetUtilization: 60 },
      writeCapacity: { minimum: 1 },
      contributorInsights: true,
      tableArgs: { name: "items" },
    },
  ],
  [
    "DataBucket",
    {
      bucketName: "acme-events",
      kmsKeyArn: key,
      versioning: true,
      oldVersionDays: 10,
      lifecycle: [{ prefix: "a/", expireDays: 100, transitions: [{ days: 30, storageClass: "STANDARD_IA" }] }],
      accessLogBucket: "acme-logs",
    },
  ],
  ["DataLake", { code: "jobs/spark", rawLifecycle: [{ expireDays: 10 }], logDays: 10, eventBridge: true }],
  [
    "LambdaFunction",
    {
      ...common,
      entry: "handlers/items.ts",
      bundle: { external: ["sharp"], define: { A: "1" }, defaultCredentialChain: true },
      handler: "index.handler",
      runtime: "nodejs24.x",
      architecture: "arm64",
      memorySize: 512,
      timeout: pulumi.output(10),
      environment: { STAGE: "dev" },
      access,
      layers: [{ arn: "arn", compatibleArchitectures: ["arm64"] }],
      vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
      fileSystem: { accessPointArn: "arn", mountPath: "/mnt/data" },
      tracing: true,
      logRetentionDays: 30,
      logLevel: "INFO",
      alias: { name: "live", routing: { "1": 0.5 } },
      reservedConcurrency: 10,
      url: { auth: "iam", cors: { allowOrigins: ["https://example.com"], allowMethods: ["GET"], maxAge: 60 } },
      onFailure: { destinationArn: "arn:aws:sqs:eu-west-1:123456789012:failed", retries: 1 },
      functionArgs: { deadLetterConfig: { targetArn: "arn" } },
    },
  ],
  [
    "ServerlessApi",
    {
      ...common,
      routes: {
        "PUT /items/{id}": {
          function: { functionName: "items", invokeArn: "arn" },
          operationId: "writeItem",
          auth: "iam",
          validation: "body",
          throttle: { rateLimit: 0.5, burstLimit: 5 },
          tags: ["items"],
          parameters: { verbose: { in: "query", required: true, schema: { type: "boolean" } } },
          requestBody: { content: { "application/json": { schema: { type: "object" } } } },
          responses: { "200": response },
        },
      },
      cors: { allowOrigins: ["https://example.com"], allowMethods: ["GET"], maxAge: 60, allowCredentials: true },
      throttle: { rateLimit: 1, burstLimit: 5 },
      stageName: "Prod",
      documentPath: "/openapi.json",
      endpointType: "PRIVATE",
      resourcePolicy: "{}",
      vpcEndpointIds: ["vpce-1"],
      minimumCompressionSize: 1000,
      permissions: "route",
      restApiArgs: { name: "items" },
    },
  ],
  [
    "GravitonBatch",
    {
      ...common,
      environments: [
        {
          type: "SPOT",
          maxVcpus: 16,
          minVcpus: 0,
          workload: "cpu",
          bidPercentage: 50,
          instanceUpdate: { timeoutMinutes: 5 },
        },
        { type: "EC2", maxVcpus: 16, name: "steady", instanceTypes: ["m7g"], imageId: "ami-1", volumeSize: 50 },
      ],
      jobs: {
        summarise: {
          image: "summarise",
          command: ["summarise", "Ref::day"],
          parameters: { day: "today" },
          vcpus: 2,
          memory: 4096,
          environment: { STAGE: "dev" },
          secrets: { TOKEN: "arn:aws:ssm:eu-west-1:123456789012:parameter/token" },
          secretsKeyArn: key,
          access,
          timeout: 600,
          attempts: 2,
          retryRules: [{ action: "RETRY", onExitCode: "137" }],
          schedulingPriority: 1,
          arraySize: 10,
          readonlyRootFilesystem: true,
        },
      },
      subnetIds: ["subnet-1"],
      vpcId: "vpc-1",
      fairShare: { shares: [{ identifier: "a", weight: 0.5 }], decaySeconds: 60 },
      stuckJobs: { noCapacity: 0, tooLarge: 700 },
      logRetentionDays: 30,
    },
  ],
  [
    "JobImage",
    {
      entry: "jobs/summarise/index.ts",
      bundle: { external: ["sharp"] },
      baseImage: "node:24",
      architecture: "arm64",
      keepImages: 5,
      forceDelete: true,
    },
  ],
  [
    "JobTrigger",
    {
      ...common,
      batch,
      job: "summarise",
      bucket: { name: "uploads", prefix: "in/", events: "existing" },
      environment: { ID: "$.detail.id" },
      parameters: { day: "today" },
      arraySize: 2,
      retries: 3,
      permissionsBoundary: boundary,
    },
  ],
  [
    "JobSubmission",
    { batch, triggers: { imageUri: pulumi.output("a") }, environment: { A: "b" }, wait: true, timeout: 60 },
  ],
  [
    "EmrCluster",
    {
      ...common,
      releaseLabel: "emr-7.10.0",
      applications: ["Spark", "Hive"],
      workload: "general",
      instances: "INSTANCE_FLEET",
      primary: { onDemand: 1 },
      core: { onDemand: 1, instanceTypes: ["m7g.xlarge"], volumes: [{ size: 100, type: "gp3", iops: 3000, count: 1 }] },
      task: nodes,
      scaling: { minimum: 2, maximum: 9, maximumCore: 2, maximumOnDemand: 3 },
      idleTimeout: 600,
      terminationProtection: false,
      stepConcurrency: 2,
      steps: [{ name: "one", command: ["spark-submit", "s3://code/a.py"], actionOnFailure: "CONTINUE" }],
      bootstrapActions: [{ name: "one", path: "s3://code/a.sh", args: ["a"] }],
      configurations: { "spark-defaults": { "spark.sql.shuffle.partitions": "64" } },
      security: {
        kmsKeyArn: key,
        certificates: "s3://code/certificates.zip",
        lakeFormation: true,
        kerberos: { realm: "EXAMPLE.COM", kdcAdminPassword: "secret", ticketLifetimeHours: 12 },
        runtimeRoles: { etl: access },
      },
      vpcId: "vpc-1",
      subnetIds: ["subnet-1"],
      access,
      logUri: "s3://logs/emr/",
      imageId: "ami-0a",
      rootVolumeSize: 50,
      permissionsBoundary: boundary,
    },
  ],
  [
    "EmrServerless",
    {
      ...common,
      releaseLabel: "emr-7.10.0",
      engine: "Spark",
      maximumCapacity: { vcpus: 32, memory: 128, disk: 1000 },
      initialCapacity: [{ type: "Driver", count: 1, vcpus: 2, memory: 8, disk: 20 }],
      autoStart: true,
      idleMinutes: 10,
      vpcId: "vpc-1",
      subnetIds: ["subnet-1"],
      imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/spark:1",
      configurations: { "spark-defaults": { "spark.sql.shuffle.partitions": "64" } },
      access,
      kmsKeyArn: key,
    },
  ],
  ["Network", { vpcId: "vpc-1", subnetIds: ["subnet-1"], routeTableIds: ["rtb-1"], interfaceEndpoints: ["logs"] }],
  ["ItemsTable", { stream: "NEW_AND_OLD_IMAGES", kmsKeyArn: key, replicas: [{ region: "eu-west-2", kmsKeyArn: key }] }],
  [
    "DataBucket",
    { takesAccessLogs: true, versioning: false, lifecycle: [{ expireDays: 5 }, { prefix: "a", expireDays: 6 }] },
  ],
  [
    "LambdaFunction",
    {
      code: new pulumi.asset.StringAsset("code"),
      handler: "main.handler",
      runtime: "python3.13",
      architecture: "x86_64",
      layers: [{ arn: "arn", compatibleArchitectures: ["x86_64"] }],
      alias: { provisionedConcurrency: 5 },
      reservedConcurrency: 10,
      url: { auth: "none", cors: { allowOrigins: ["https://example.com"] } },
    },
  ],
  [
    "ServerlessApi",
    {
      routes: {
        "ANY /": { function: { functionName: "items", invokeArn: "arn" }, operationId: "root" },
        "GET /items/{id}": {
          function: { functionName: "items", invokeArn: "arn" },
          operationId: "readItem",
          parameters: { id: { in: "path", schema: {} } },
          validation: "none",
        },
      },
      validation: "all",
      cors: { allowOrigins: ["*"], allowCredentials: false },
    },
  ],
  [
    "GravitonBatch",
    {
      environments: [
        { type: "FARGATE", maxVcpus: 16 },
        { type: "FARGATE_SPOT", maxVcpus: 8 },
      ],
      jobs: { small: { image: "small", vcpus: 0.25, memory: 1024, ephemeralStorage: 50, platformVersion: "LATEST" } },
      subnetIds: ["subnet-1"],
      securityGroupIds: ["sg-1"],
    },
  ],
  [
    "GravitonBatch",
    {
      environments: [{ type: "EC2", maxVcpus: 64, minVcpus: 4, instanceTypes: ["g5g.xlarge"], imageId: "ami-1" }],
      jobs: { large: { image: "large", vcpus: 4, gpus: 1, nodes: { count: 4, main: 1, instanceType: "g5g.xlarge" } } },
      subnetIds: ["subnet-1"],
      vpcId: "vpc-1",
    },
  ],
  [
    "JobTrigger",
    { batch, schedule: "rate(1 day)", timeZone: "UTC", flexibleMinutes: 5, shareIdentifier: "a", enabled: false },
  ],
  ["JobTrigger", { batch: arns, eventPattern: { source: ["shop"] }, eventBusName: "shop" }],
  [
    "EmrCluster",
    {
      releaseLabel: "emr-7.10.0",
      instances: "INSTANCE_GROUP",
      highAvailability: true,
      core: { onDemand: 4, workload: "cpu", size: "2xlarge" },
      task: {
        onDemand: 2,
        instanceTypes: ["m7g.xlarge"],
        volumes: [
          { size: 200, type: "st1" },
          { size: 100, type: "io1", iops: 200 },
        ],
      },
      scaling: { minimum: 1, maximum: 60, unit: "VCPU" },
      idleTimeout: 0,
      steps: [{ name: "one", jar: "a.jar", mainClass: "a.B", args: ["c"], actionOnFailure: "TERMINATE_CLUSTER" }],
      vpcId: "vpc-1",
      subnetIds: ["subnet-1"],
      logUri: "s3://logs",
    },
  ],
  ["EmrServerless", { releaseLabel: "emr-6.9.0", engine: "Hive", initialCapacity: [{ type: "HiveDriver", count: 1 }] }],
  [
    "Queue",
    {
      ...common,
      fifo: true,
      contentBasedDeduplication: true,
      highThroughput: true,
      visibilityTimeout: 60,
      retention: 86_400,
      delay: 5,
      maximumMessageSize: 2048,
      maximumReceives: 3,
      senders: [{ service: "sns.amazonaws.com", sourceArn: topic }],
      kmsKeyArn: key,
      alarmAge: 60,
      queueArgs: { receiveWaitTimeSeconds: 10 },
    },
  ],
  ["Queue", { deadLetterArn: "arn:aws:sqs:eu-west-1:123456789012:failed" }],
  [
    "Topic",
    {
      ...common,
      fifo: true,
      contentBasedDeduplication: true,
      publishers: [{ service: "events.amazonaws.com", sourceArn: pulumi.output("arn") }],
      kmsKeyArn: key,
      topicArgs: { displayName: "News" },
    },
  ],
  [
    "EventStream",
    {
      ...common,
      shards: 2,
      retentionHours: 48,
      maximumRecordSize: 2048,
      consumers: ["audit"],
      kmsKeyArn: key,
      alarmLag: 60,
      streamArgs: { shardLevelMetrics: ["IncomingBytes"] },
    },
  ],
  [
    "LambdaFunction",
    {
      ...common,
      entry: "handlers/items.ts",
      permissionsBoundary: boundary,
      events: {
        clicks: {
          stream: {
            streamArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
            consumerArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks/consumer/audit:1",
            kmsKeyArn: key,
            batchSize: 100,
            batchWindow: 1,
            startingPosition: "AT_TIMESTAMP",
            startingTimestamp: "2020-01-31T03:00:00Z",
            parallelization: 2,
            tumblingWindow: 60,
            bisect: true,
            retries: 3,
            maximumAge: 3600,
            alarmLag: 60,
            deadLetterArn: "arn:aws:sqs:eu-west-1:123456789012:failed",
            filters: [{ data: { kind: ["paid"] } }],
            reportBatchItemFailures: true,
            enabled: true,
          },
        },
        orders: {
          queue: {
            queueArn: "arn:aws:sqs:eu-west-1:123456789012:orders",
            visibilityTimeout: pulumi.output(60),
            batchSize: 100,
            batchWindow: 1,
            pollers: { minimum: 2, maximum: 10 },
          },
        },
        news: { topic: { topicArn: topic, filterPolicy: { kind: ["paid"] }, filterPolicyScope: "MessageBody" } },
        uploads: {
          bucket: {
            bucketName: "uploads",
            events: "managed",
            objectEvents: ["Object Created"],
            prefix: "in/",
            suffix: ".csv",
          },
        },
        paid: {
          rule: {
            pattern: { source: ["shop"] },
            eventBusName: "shop",
            inputTransformer: { paths: { id: "$.detail.id" }, template: "<id>" },
            retries: 3,
            maximumAge: 60,
          },
        },
        nightly: {
          schedule: {
            expression: "cron(0 3 * * ? *)",
            timeZone: "Europe/Berlin",
            flexibleMinutes: 5,
            input: { mode: "full" },
          },
        },
      },
    },
  ],
  [
    "LambdaFunction",
    {
      code: new pulumi.asset.StringAsset("code"),
      handler: "main.handler",
      events: {
        lines: { logs: { logGroupArn: logGroup, filterPattern: "ERROR" } },
        signUp: { cognito: { userPoolArn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_users" } },
        readings: { iot: { sql: "SELECT * FROM 'sensors/+'", sqlVersion: "2016-03-23", enabled: false } },
        requests: {
          loadBalancer: {
            listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/1/2",
            paths: ["/orders/*"],
            hosts: ["*.example.com"],
            methods: ["GET"],
            priority: 10,
            multiValueHeaders: true,
          },
        },
      },
    },
  ],
  [
    "LambdaFunction",
    {
      code: new pulumi.asset.StringAsset("code"),
      handler: "main.handler",
      events: {
        managed: {
          kafka: {
            clusterArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/1-2-3",
            topic: "orders",
            consumerGroupId: "worker",
            pollers: { minimum: 2, maximum: 10, group: "shared" },
            startingPosition: "LATEST",
            alarmLag: 100,
          },
        },
        elsewhere: {
          kafka: {
            bootstrapServers: ["kafka.example.com:9092"],
            topic: "orders",
            authentication: { kind: "SASL_SCRAM_256_AUTH", secretArn: secret, kmsKeyArn: key },
            rootCertificateSecretArn: secret,
            vpc: { subnetIds: pulumi.output(["subnet-1"]), securityGroupIds: ["sg-1"] },
            batchWindow: 1,
            onDemand: true,
          },
        },
        broker: {
          mq: {
            brokerArn: "arn:aws:mq:eu-west-1:123456789012:broker:orders:b-1-2-3",
            queue: "orders",
            virtualHost: "shop",
            secretArn: secret,
            kmsKeyArn: key,
            batchSize: 10,
            batchWindow: 1,
          },
        },
      },
    },
  ],
  ["InstanceSchedule", { tag: { key: "office", value: "yes" }, start: "cron(0 7 ? * MON-FRI *)" }],
  [
    "InstanceSchedule",
    {
      ...common,
      tag: { key: "office", value: "yes" },
      stop: "cron(0 19 ? * MON-FRI *)",
      timeZone: "Europe/Berlin",
      flexibleMinutes: 15,
      minimumUptime: 30,
      minimumRunning: 1,
      drainFunctionArn: pulumi.output("arn:aws:lambda:eu-west-1:123456789012:function:drain"),
      dryRun: true,
      enabled: false,
      logRetentionDays: 7,
      permissionsBoundary: boundary,
    },
  ],
  [
    "EtlPipeline",
    {
      ...common,
      bucket: { bucketName: "uploads", events: "managed", prefix: "in/", suffix: ".csv" },
      job: { batch: arns, job: "report", environment: { MODE: "full" }, parameters: { from: "{uri}" } },
      maximumReceives: 3,
      retentionDays: 30,
      deletionProtection: true,
      kmsKeyArn: key,
      logRetentionDays: 7,
      permissionsBoundary: boundary,
    },
  ],
  [
    "EtlPipeline",
    {
      bucket: { bucketName: "uploads", events: "existing" },
      step: {
        cluster: {
          clusterId: pulumi.output("j-1"),
          clusterArn: "arn:aws:elasticmapreduce:eu-west-1:123456789012:cluster/j-1",
        },
        arguments: ["--deploy-mode", "cluster", "s3://acme-code/job.py", "{uri}"],
      },
    },
  ],
  [
    "EtlPipeline",
    {
      bucket: { bucketName: "uploads", events: "existing" },
      run: {
        application: {
          applicationId: pulumi.output("app"),
          applicationArn: "arn:aws:emr-serverless:eu-west-1:123456789012:/applications/app",
          jobRoleArn: "arn:aws:iam::123456789012:role/jobs",
        },
        script: "s3://acme-code/job.py",
        sparkSubmitParameters: "--conf spark.executor.cores=4",
      },
    },
  ],
  [
    "InstanceSchedule",
    {
      tag: { key: "office", value: "yes" },
      stop: "cron(0 19 ? * MON-FRI *)",
      retries: 3,
      maximumAge: 600,
      kmsKeyArn: key,
    },
  ],
  [
    "WorkerFleet",
    {
      ...common,
      tag: { key: "office", value: "yes" },
      group: {
        minimum: 1,
        maximum: 4,
        desired: 2,
        healthCheck: "EBS",
        gracePeriod: 60,
        refresh: true,
        minimumHealthy: 50,
      },
      subnetIds: pulumi.output(["subnet-1", "subnet-2"]),
      vpcId: "vpc-1",
      instanceTypes: ["m8g.large", "m7g.large"],
      spot: true,
      imageId: "ami-0a",
      userData: pulumi.output("#!/bin/bash\nsystemctl enable --now worker"),
      access,
      sessionManager: true,
      metadataHopLimit: 2,
      volumeSize: 50,
      kmsKeyArn: key,
      monitoring: false,
      permissionsBoundary: boundary,
    },
  ],
  [
    "WorkerFleet",
    {
      ...common,
      tag: { key: "office", value: "yes" },
      instances: 2,
      subnetIds: ["subnet-1"],
      securityGroupIds: ["sg-1"],
      spot: true,
      sessionManager: false,
    },
  ],
  [
    "HttpApi",
    {
      ...common,
      routes: {
        "ANY /items/{id}": {
          function: { functionName: "items", invokeArn: "arn" },
          operationId: "anyItem",
          auth: "none",
          throttle: { rateLimit: 0.5, burstLimit: 5 },
          timeoutInMillis: 30_000,
        },
      },
      version: "2",
      description: "Items",
      cors: { allowOrigins: ["https://a.example", "https://b.example"], maxAge: 60, allowCredentials: true },
      throttle: { rateLimit: 1, burstLimit: 5 },
      stageName: "$default",
      accessLogFormat: "$context.requestId",
      permissions: "route",
      httpApiArgs: { ipAddressType: "dualstack" },
    },
  ],
  [
    "WebSocketApi",
    {
      ...common,
      routes: {
        $connect: { function: { functionName: "chat", invokeArn: "arn" }, throttle: { rateLimit: 10, burstLimit: 5 } },
        $disconnect: { function: { functionName: "chat", invokeArn: "arn" } },
        send: {
          function: { functionName: "chat", invokeArn: pulumi.output("arn"), qualifier: "live" },
          routeResponse: true,
          timeoutInMillis: 5000,
        },
      },
      routeSelectionExpression: "$request.body.kind",
      authorizer: {
        function: { functionName: "judge", invokeArn: "arn" },
        identitySources: ["route.request.querystring.token"],
      },
      connections: { kmsKeyArn: key },
      stageName: "v1",
      description: "Chat",
      throttle: { rateLimit: 100, burstLimit: 50 },
      logRetentionDays: 7,
      logKmsKeyArn: key,
      cloudWatchRole: "existing",
      disableExecuteApiEndpoint: true,
      apiArgs: { name: "chat" },
    },
  ],
  ["WebSocketApi", { routes: { $default: { function: { functionName: "chat", invokeArn: "arn" } } }, auth: "none" }],
  [
    "Dashboard",
    {
      watch: [
        { restApi: { name: "shop" }, stageName: "Prod", logGroup: { name: "/aws/apigateway/shop" } },
        { apiId: pulumi.output("a1"), stageName: "$default" },
        { managementUrl: "https://a2.execute-api.eu-west-1.amazonaws.com/live", apiId: "a2", stageName: "live" },
        { functionName: pulumi.output("orders"), logGroup: { name: pulumi.output("/aws/lambda/orders") } },
        { tableName: "orders" },
        { streamName: "clicks" },
        { queueName: "parcels" },
        { queueName: "jobs", jobDefinitionArns: arns.jobDefinitionArns },
        { topicArn: topic },
        { clusterId: "j-1" },
        { applicationId: "00f" },
        { groupName: "workers" },
      ],
      queries: { refunds: 'filter @message like "refund"' },
    },
  ],
  [
    "ServerlessApi",
    {
      ...common,
      auth: "callers",
      authorizers: {
        callers: {
          jwt: {
            issuers: [
              {
                issuer: pulumi.output("https://login.example.com"),
                audiences: [pulumi.output("items")],
                additionalClaims: { tenant: { expectedValues: ["a"], required: true } },
              },
            ],
            algorithms: ["ES256"],
            header: "X-Token",
            native: true,
          },
        },
        users: { cognito: { userPoolArns: [pulumi.output("arn")], header: "Authorization" } },
        checker: {
          lambda: {
            function: { functionName: "checker", invokeArn: "arn" },
            type: "token",
            identitySources: ["method.request.header.X-Token"],
            resultTtlInSeconds: 0,
            validationExpression: "^a",
          },
        },
      },
      apiKeyRequired: true,
      apiKeySource: "AUTHORIZER",
      usagePlans: {
        partners: {
          description: "Partners",
          keys: ["shop"],
          keyIds: [pulumi.output("a1b2c3")],
          throttle: { rateLimit: 1, burstLimit: 2 },
          methodThrottles: { "GET /health": { rateLimit: 1, burstLimit: 2 } },
          quota: { limit: 100, period: "WEEK", offset: 1 },
        },
      },
      documentPath: "/openapi.json",
      documentAuth: "none",
      routes: {
        "GET /health": {
          operationId: "health",
          auth: "none",
          apiKeyRequired: false,
          mock: { status: 200, headers: { "X-Id": "context.requestId" }, contentType: "text/plain", template: "ok" },
        },
        "GET /shop/{id}": {
          operationId: "shop",
          scopes: ["shop/read"],
          http: {
            url: pulumi.output("https://example.com/{id}"),
            method: "GET",
            vpcLinkId: pulumi.output("link"),
            integrationTarget: pulumi.output("arn"),
            proxy: false,
            requestParameters: { "header.X-Stage": "'prod'" },
            requestTemplates: { "application/json": "$input.body" },
            responses: { default: { status: 200, headers: { "X-A": "'a'" }, templates: { "text/plain": "a" } } },
          },
        },
        "POST /orders": {
          operationId: "order",
          service: {
            service: "sqs",
            path: pulumi.output("123456789012/orders"),
            method: "POST",
            access,
            requestParameters: { "header.Content-Type": "'application/x-www-form-urlencoded'" },
            requestTemplates: { "application/json": pulumi.output("Action=SendMessage") },
            responses: { default: { status: 202 } },
          },
        },
        "PUT /items": {
          operationId: "put",
          service: { service: "dynamodb", action: "PutItem", access },
        },
      },
    },
  ],
  [
    "HttpApi",
    {
      auth: "checker",
      authorizers: {
        checker: {
          lambda: {
            function: { functionName: "checker", invokeArn: "arn" },
            payloadVersion: "2.0",
            simpleResponses: true,
          },
        },
      },
      routes: { "GET /shop": { operationId: "shop", http: { url: "https://example.com" } } },
    },
  ],
  [
    "ServerlessApi",
    {
      routes: { "GET /": { function: { functionName: "items", invokeArn: "arn" }, operationId: "root", auth: "none" } },
      domain: {
        name: "api.example.com",
        certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        zoneId: pulumi.output("Z1"),
        basePath: "v1",
        securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
        endpointAccessMode: "STRICT",
        mutualTls: { truststoreUri: "s3://trust/store.pem", truststoreVersion: "1" },
      },
      waf: { managedRuleGroups: ["AWSManagedRulesSQLiRuleSet"], rateLimit: 2000 },
      canary: { percentTraffic: 12.5, stageVariables: { table: pulumi.output("b") } },
      stageVariables: { table: "a" },
      gatewayResponses: {
        THROTTLED: { statusCode: 503, headers: { "X-Reason": "busy" }, templates: { "text/plain": "busy" } },
      },
    },
  ],
  [
    "ServerlessApi",
    {
      routes: { "GET /": { function: { functionName: "items", invokeArn: "arn" }, operationId: "root", auth: "none" } },
      waf: { webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1" },
    },
  ],
  [
    "WebSocketApi",
    {
      routes: { $connect: { function: { functionName: "chat", invokeArn: "arn" } } },
      authorizer: { function: { functionName: "judge", invokeArn: "arn" } },
      apiKeyRequired: true,
      apiKeySource: "AUTHORIZER",
      usagePlans: { partners: { keys: ["shop"], throttle: { rateLimit: 1, burstLimit: 1 } } },
      domain: { name: "chat.example.com", zoneId: "Z1", basePath: "v1" },
    },
  ],
];

type Constructor = new (name: unknown, args: unknown, opts?: pulumi.ComponentResourceOptions) => pulumi.Resource;

/** The class of a component, which accepts arguments of any shape. */
export function componentOf(type: string): Constructor {
  const found = (components as unknown as Record<string, Constructor>)[type];
  if (!found) throw new Error(`${type} is not a component`);
  return found;
}

/** Creates a component of a type, with arguments of any shape. */
export function create(type: string, args?: unknown): pulumi.Resource {
  return new (componentOf(type))("one", args);
}
