interface SqsRecord {
  readonly attributes?: { readonly ApproximateReceiveCount?: unknown }
}
interface StreamRecord {
  readonly kinesis?: { readonly approximateArrivalTimestamp?: unknown }
  readonly dynamodb?: { readonly ApproximateCreationDateTime?: unknown }
}

/** What a batch says of its past. */
export interface Attempts {
  /** How often the record that was tried most often has been tried before: of a queue. */
  readonly retries?: number
  /** How long the oldest record has waited, in ms: of a stream, which counts no attempts. */
  readonly record_age_ms?: number
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export const attemptsOf = (event: unknown): Attempts | undefined => {
  try {
    const records = (event as { readonly Records?: unknown } | null | undefined)?.Records
    if (!Array.isArray(records) || records.length === 0) return undefined
    const [first] = records as [SqsRecord & StreamRecord]
    if (first.attributes) return retriesOf(records)
    // The records of a shard are in their order. Both are in seconds.
    const since = first.kinesis?.approximateArrivalTimestamp ?? first.dynamodb?.ApproximateCreationDateTime
    return typeof since === 'number' ? { record_age_ms: Math.max(0, Math.round(Date.now() - since * 1000)) } : undefined
  } catch {
    // An event that cannot be read tells nothing.
    return undefined
  }
}

const retriesOf = (records: readonly SqsRecord[]): Attempts | undefined => {
  let most = 0
  for (const record of records) {
    const count = Number(record.attributes?.ApproximateReceiveCount)
    if (count > most) most = count
  }
  return most > 0 ? { retries: most - 1 } : undefined
}
