import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type LambdaEvent, type LocalLambda, localLambda } from '@fnware/local'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// A request's id goes on to a queue, by a topic to another, and with what their function asks of a third party.

const region = 'eu-west-1'
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const events: LambdaEvent[] = []
const asked: IncomingHttpHeaders[] = []
const shop = createServer((incoming, answer) => {
  asked.push(incoming.headers)
  answer.end()
})
let services: FauxqsServer
let lambda: LocalLambda
let url: string
let sqs: SQSClient
let queues: { readonly direct: string; readonly byTopic: string }

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  services = await startFauxqs({ port: 0, logger: false, defaultRegion: region })
  const endpoint = `http://127.0.0.1:${services.port}`
  sqs = new SQSClient({ region, endpoint, credentials })
  const sns = new SNSClient({ region, endpoint, credentials })
  const queue = async (QueueName: string) => {
    await sqs.send(new CreateQueueCommand({ QueueName }))
    // The service's own words name a host that not every machine resolves.
    return `${endpoint}/000000000000/${QueueName}`
  }
  queues = { direct: await queue('direct'), byTopic: await queue('by-topic') }
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'orders' }))
  const Endpoint = `arn:aws:sqs:${region}:000000000000:by-topic`
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }))
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))

  const environment = {
    NODE_OPTIONS: '--conditions=@fnware/source',
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SNS: endpoint,
    QUEUE: queues.direct,
    TOPIC: TopicArn as string,
    SHOP: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
  }
  const code = join(import.meta.dirname, 'correlation')
  lambda = localLambda({
    functions: {
      api: { code, handler: 'api.handler', http: 'ANY /api/orders', environment },
      worker: { code, handler: 'worker.handler', environment },
    },
    region,
    port: 0,
    onEvent: (event) => events.push(event),
  })
  url = await lambda.listen()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await lambda?.close()
  await services?.stop()
  shop.close()
})

const get = (path: string, headers: Readonly<Record<string, string>>) =>
  new Promise<number | undefined>((done, failed) => {
    const sent = request(new URL(path, url), { headers }, (answer) =>
      answer.resume().on('end', () => done(answer.statusCode)),
    )
    sent.on('error', failed).end()
  })

/** A message, as an event source mapping hands it to a function. */
const asEvent = ({ MessageId, Body, MessageAttributes = {}, ReceiptHandle }: Message) => ({
  Records: [
    {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      messageAttributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
          name,
          { dataType: DataType, stringValue: StringValue },
        ]),
      ),
      eventSource: 'aws:sqs',
    },
  ],
})

const received = async (QueueUrl: string): Promise<Message> => {
  const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 5 })
  const { Messages: [message] = [] } = await sqs.send(command)
  if (!message) throw new Error(`no message in ${QueueUrl}`)
  return message
}

const idsOf = (service: string) =>
  events
    .flatMap((event) => (event.type === 'log' && event.line.startsWith('{') ? [JSON.parse(event.line)] : []))
    .filter((line) => line.service === service)
    .map((line) => line.correlation_id)

test('from HTTP, by a queue and by a topic, to HTTP again', async () => {
  expect(await get('/api/orders', { 'x-correlation-id': 'order-1', 'x-correlation-debug': '1' })).toBe(200)
  expect(new Set(idsOf('api'))).toEqual(new Set(['order-1']))

  const client = new LambdaClient({ region, endpoint: url, credentials })
  for (const queue of [queues.direct, queues.byTopic]) {
    const Payload = JSON.stringify(asEvent(await received(queue)))
    const { FunctionError } = await client.send(new InvokeCommand({ FunctionName: 'worker', Payload }))
    expect(FunctionError).toBeUndefined()
  }
  expect(idsOf('worker')).toHaveLength(4)
  expect(new Set(idsOf('worker'))).toEqual(new Set(['order-1']))
  expect(asked.map((headers) => headers['x-correlation-id'])).toEqual(['order-1', 'order-1'])
  // Nobody said that the client may have DEBUG lines written.
  expect(asked.map((headers) => headers['x-correlation-debug'])).toEqual([undefined, undefined])
})
