import { request } from 'node:http'
import { InvokeWithResponseStreamCommand, type InvokeWithResponseStreamCompleteEvent } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import { until } from './testing.ts'
import { invocable } from './testing-aws.ts'

/** AWS's own client, and what it reads of the stream. */
async function served(...args: Parameters<typeof invocable>) {
  const run = await invocable(...args)
  const invoke = async (FunctionName: string, input = {}) => {
    const answer = await run.aws.send(new InvokeWithResponseStreamCommand({ FunctionName, ...input }))
    const chunks: Buffer[] = []
    let complete: InvokeWithResponseStreamCompleteEvent | undefined
    for await (const event of answer.EventStream ?? []) {
      if (event.PayloadChunk) chunks.push(Buffer.from(event.PayloadChunk.Payload ?? []))
      if (event.InvokeComplete) complete = event.InvokeComplete
    }
    return {
      status: answer.StatusCode,
      version: answer.ExecutedVersion,
      payload: Buffer.concat(chunks),
      chunks,
      complete,
    }
  }
  return { ...run, invoke }
}

const streaming = (body: string) =>
  `export const handler = awslambda.streamifyResponse(async (event, stream) => { ${body} })`

test('every piece, byte by byte, then how it ended', async () => {
  const { invoke } = await served({
    f: streaming(`stream.write(Buffer.from([0, 255, 10])); await new Promise(r => setTimeout(r, 100))
      console.log('in between'); stream.write(JSON.stringify(event)); stream.end()`),
  })
  const answer = await invoke('f', { Payload: '{"a":"ü"}', LogType: 'Tail' })
  expect(answer).toMatchObject({ status: 200, version: '$LATEST' })
  expect(answer.chunks.length).toBeGreaterThan(1)
  expect(answer.payload).toEqual(Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from('{"a":"ü"}')]))
  expect(answer.complete?.ErrorCode).toBeUndefined()
  expect(Buffer.from(answer.complete?.LogResult ?? '', 'base64').toString()).toMatch(
    /^START .*\n.*in between\nEND .*\nREPORT /,
  )
})

test('a function that answers at once is one piece', async () => {
  const { invoke } = await served({ f: 'export const handler = async (event) => event' })
  const { payload, chunks, complete } = await invoke('f', { Payload: '{"a":1}' })
  expect([payload.toString(), chunks.length, complete]).toEqual(['{"a":1}', 1, {}])
})

test('failures are told at the end: before the first piece, after it, by a timeout', async () => {
  const { invoke } = await served({
    early: streaming("throw new TypeError('wrong')"),
    late: streaming("stream.write('half'); throw new TypeError('wrong')"),
    slow: { source: streaming("stream.write('half'); await new Promise(r => setTimeout(r, 60_000))"), timeout: 1 },
    plain: "export const handler = async () => { throw new TypeError('wrong') }",
  })
  for (const [name, payload, errorType] of [
    ['early', '', 'TypeError'],
    ['late', 'half', 'TypeError'],
    ['slow', 'half', 'Sandbox.Timedout'],
    ['plain', '', 'TypeError'],
  ] as const) {
    const answer = await invoke(name)
    expect([name, answer.payload.toString(), answer.complete?.ErrorCode]).toEqual([name, payload, 'Unhandled'])
    expect(JSON.parse(answer.complete?.ErrorDetails ?? '')).toMatchObject({ errorType })
  }
})

test('refused as Invoke refuses', async () => {
  const { invoke, events } = await served({ f: { source: streaming('stream.end()'), reservedConcurrency: 0 } })
  await expect(invoke('g')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(invoke('f')).rejects.toMatchObject({ name: 'TooManyRequestsException' })
  expect(events.filter(({ type }) => type === 'start')).toEqual([])
})

test('what is streamed after a timeout that ended no code reaches nobody, and breaks nothing', async () => {
  const { invoke, lambda } = await served({
    f: {
      source: streaming(`stream.write('half'); await new Promise(r => setTimeout(r, event.ms))
        stream.write('late'); stream.end('end')`),
      timeout: 1,
      environmentConcurrency: 1,
    },
  })
  const answer = await invoke('f', { Payload: '{"ms":1500}' })
  expect(answer.payload.toString()).toBe('half')
  expect(answer.complete?.ErrorDetails).toContain('Sandbox.Timedout')
  await until(() => lambda.functions[0]!.environments.every(({ state }) => state === 'idle'))
  expect((await invoke('f', { Payload: '{"ms":1}' })).payload.toString()).toBe('halflateend')
})

test('a long stream to a slow client leaves no listeners behind', async () => {
  const { lambda } = await served({
    f: {
      source: streaming(`for (let i = 0; i < 200; i++)
        if (!stream.write(Buffer.alloc(65536))) await new Promise(r => stream.once('drain', r))
        stream.end()`),
      timeout: 60,
    },
  })
  const warned: string[] = []
  const hear = ({ name }: Error) => void warned.push(name)
  process.on('warning', hear)
  const size = await new Promise<number>((done, failed) => {
    const path = '/2021-11-15/functions/f/response-streaming-invocations'
    const sent = request(new URL(path, lambda.url), { method: 'POST' }, async (response) => {
      let size = 0
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length
        await new Promise((later) => setTimeout(later, 1))
      }
      done(size)
    })
    sent.on('error', failed)
    sent.end('{}')
  })
  process.off('warning', hear)
  expect(size).toBeGreaterThan(200 * 65_536)
  expect(warned).toEqual([])
})
