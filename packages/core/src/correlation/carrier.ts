import type { Invocation } from '../invocation.ts'
import { type PerRecord, perRecord } from '../per-record.ts'
import { type Correlation, type CorrelationOf, type CorrelationOptions, correlationOf } from './correlation.ts'
import { debugName, idName } from './names.ts'

/**
 * A correlation, and what hands it on: each takes what an SDK's command takes and gives it back with the correlation on it.
 * What is there already under its names stays.
 */
export interface Carrier extends Correlation {
  /** Headers of an HTTP request: `x-correlation-id`, and `x-correlation-debug` once that was decided. */
  headers(headers?: Readonly<Record<string, string>>): Record<string, string>
  /** Of SendMessage and SendMessageBatch: as message attributes. A message has at most ten, and one that is full stays as it is. */
  sqs<Input extends object>(input: Input): Input
  /** Of Publish and PublishBatch: as message attributes. */
  sns<Input extends object>(input: Input): Input
  /** Of PutEvents: as fields of each `Detail` that is a JSON object. */
  eventBridge<Input extends object>(input: Input): Input
  /** Of Lambda's Invoke and Step Functions' StartExecution: as fields of a `Payload` or an `input` that is a JSON object. */
  payload<Input extends object>(input: Input): Input
}

type Fields = Readonly<Record<string, unknown>>

/** What hands this correlation on. */
export const carrierOf = (correlation: CorrelationOf, options?: CorrelationOptions): Carrier =>
  new CarrierOf(correlation, options)

/** In a function of its own: a bundler keeps a class with a computed name, used or not. */
const CarrierOf: new (correlation: CorrelationOf, options: CorrelationOptions | undefined) => Carrier =
  /* @__PURE__ */ (() =>
    class CarrierOf implements Carrier, PerRecord {
      readonly #correlation: CorrelationOf
      readonly #options: CorrelationOptions | undefined
      constructor(correlation: CorrelationOf, options: CorrelationOptions | undefined) {
        this.#correlation = correlation
        this.#options = options
      }
      get id(): string {
        return this.#correlation.id
      }
      get debug(): boolean | undefined {
        return this.#correlation.debug
      }

      [perRecord](_: string, record: Invocation): Carrier {
        return new CarrierOf(correlationOf(record, this.#options), this.#options)
      }

      headers(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
        const present = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
        const added = Object.entries(this.#carried()).filter(([name]) => !present.has(name))
        return { ...headers, ...Object.fromEntries(added) }
      }
      sqs<Input extends object>(input: Input): Input {
        return ofEach(input, 'Entries', (entry) => this.#attributes(entry))
      }
      sns<Input extends object>(input: Input): Input {
        return ofEach(input, 'PublishBatchRequestEntries', (entry) => this.#attributes(entry))
      }
      eventBridge<Input extends object>(input: Input): Input {
        return ofEach(input, 'Entries', (entry) => this.#json(entry, 'Detail'))
      }
      payload<Input extends object>(input: Input): Input {
        return this.#json(this.#json(input as Fields, 'Payload'), 'input') as Input
      }

      #carried(): Record<string, string> {
        const { id, debug } = this
        return { [idName]: id, ...(debug !== undefined && { [debugName]: debug ? '1' : '0' }) }
      }

      #attributes(entry: Fields): Fields {
        const attributes: Record<string, unknown> = { ...(entry.MessageAttributes as Fields | undefined) }
        for (const [name, StringValue] of Object.entries(this.#carried()))
          if (!(name in attributes) && Object.keys(attributes).length < mostAttributes)
            attributes[name] = { DataType: 'String', StringValue }
        return { ...entry, MessageAttributes: attributes }
      }

      /** What is no JSON object is not for us to change: the call says what is wrong with it. */
      #json(entry: Fields, field: string): Fields {
        const json = entry[field]
        const text = json instanceof Uint8Array ? new TextDecoder().decode(json) : json
        if (typeof text !== 'string') return entry
        try {
          const value: unknown = JSON.parse(text)
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return entry
          const added = Object.entries(this.#carried()).filter(([name]) => !Object.hasOwn(value, name))
          if (added.length === 0) return entry
          const members = JSON.stringify(Object.fromEntries(added)).slice(1, -1)
          // Written anew, it would lose what JavaScript has no numbers for.
          const comma = Object.keys(value).length > 0 ? ',' : ''
          return { ...entry, [field]: text.replace('{', () => `{${members}${comma}`) }
        } catch {
          return entry
        }
      }
    })()

/** Of a message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const mostAttributes = 10

/** Of each entry of a batch, or of the one that is sent alone. */
const ofEach = <Input extends object>(input: Input, entries: string, change: (entry: Fields) => Fields): Input => {
  const batch = (input as Fields)[entries]
  return (Array.isArray(batch) ? { ...input, [entries]: batch.map(change) } : change(input as Fields)) as Input
}
