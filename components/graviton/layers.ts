/** AWS's layers whose plain name is the x86_64 build; the name of the arm64 build ends in `-Arm64`. */
const bareName =
  /^(?:LambdaInsightsExtension|AWS-(?:AppConfig|Parameters-and-Secrets-Lambda)-Extension|AWSLambdaPowertoolsPythonV2|AWSSDKPandas-Python\d+)$/;

/** A word for x86_64 in a name, such as `aws-otel-nodejs-amd64-ver-1-30-2` or `LambdaAdapterLayerX86`. */
const x86Word = /x86(?:[_-]64)?|amd64/i;

/**
 * The name of the arm64 build of a layer, if the layer's name shows that it is built for x86_64. Undefined for a name that
 * shows no architecture, as for layers that fit both (`AWSLambdaPowertoolsTypeScriptV2`), and for anything but a layer's ARN.
 * @param arn A layer's ARN, with or without version, such as
 * `arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53`.
 * @see AWS Lambda Developer Guide, "Working with layers", and the documentation of each layer
 */
export function arm64Layer(arn: string): string | undefined {
  const name = /^arn:[^:]+:lambda:[^:]*:[^:]*:layer:([\w-]+)(?::\d+)?$/.exec(arn)?.[1];
  if (name === undefined || /arm64/i.test(name)) return undefined;
  if (bareName.test(name)) return `${name}-Arm64`;
  return x86Word.test(name) ? name.replace(x86Word, (word) => (word.startsWith("X") ? "Arm64" : "arm64")) : undefined;
}
