/**
 * What a command of the AWS SDK is done to, by the names that X-Ray has for it: names, and nothing of what is sent.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-aws
 */
export const resourcesOf = (service: string, input: object): Record<string, string | readonly string[]> => {
  const given = input as Readonly<Record<string, unknown>>
  const resources: Record<string, string | readonly string[]> = {}
  for (const name in names) {
    const value = given[name]
    if (typeof value === 'string') resources[names[name] as string] = value
  }
  const tables = tablesOf(given)
  if (tables.length > 0) resources.table_names = tables
  const named = (others[service] ?? []).flatMap((name) => given[name] ?? []).filter((it) => typeof it === 'string')
  if (named.length > 0) resources.resource_names = named
  return resources
}

const names: Readonly<Record<string, string>> = {
  Bucket: 'bucket_name',
  FunctionName: 'function_name',
  QueueUrl: 'queue_url',
  StateMachineArn: 'state_machine_arn',
  stateMachineArn: 'state_machine_arn',
  StreamName: 'stream_name',
  TableName: 'table_name',
  TopicArn: 'topic_arn',
}

/** Names of what else there is, of one or of several, by the service. */
const others: Readonly<Record<string, readonly string[]>> = {
  EventBridge: ['EventBusName'],
  Firehose: ['DeliveryStreamName'],
  KMS: ['KeyId'],
  SSM: ['Name', 'Names', 'Path'],
  SecretsManager: ['SecretId', 'SecretIdList'],
}

/** Of DynamoDB's batches and transactions. */
const tablesOf = ({ RequestItems, TransactItems }: Readonly<Record<string, unknown>>): string[] => {
  if (typeof RequestItems === 'object' && RequestItems) return Object.keys(RequestItems)
  if (!Array.isArray(TransactItems)) return []
  const tables = TransactItems.flatMap((item: object) =>
    Object.values(item).map((it) => (it as { TableName?: unknown } | undefined)?.TableName),
  )
  return [...new Set(tables)].filter((it) => typeof it === 'string')
}
