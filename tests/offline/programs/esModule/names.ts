export const queueName: string = "from-a-module";
