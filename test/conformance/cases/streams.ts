import { type Case, short } from '../case.ts'

const stream = (body: string): Case['files'] => ({
  'index.mjs': `import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
const { HttpResponseStream } = awslambda
const wait = (ms) => new Promise((r) => setTimeout(r, ms))
export const handler = awslambda.streamifyResponse(${body})
void [Readable, pipeline, HttpResponseStream, wait]
`,
})

/** Handlers made by \`awslambda.streamifyResponse()\`. */
export const streams: readonly Case[] = [
  {
    name: 'streams',
    files: stream(
      "async (event, out, context) => { out.write('one '); await wait(10); out.write(context.functionName); out.end(' three') }",
    ),
    invocations: [{}, {}],
  },
  {
    name: 'streams an HTTP response',
    files: stream(
      "async (event, out) => { out = HttpResponseStream.from(out, { statusCode: 201, headers: { a: 'ü' }, cookies: ['c=1'] }); out.write('body'); out.end() }",
    ),
  },
  {
    name: 'streams an HTTP response by end() alone',
    files: stream("async (event, out) => { HttpResponseStream.from(out, { statusCode: 201 }).end('body') }"),
  },
  {
    name: 'streams an HTTP response without a body',
    files: stream(
      "async (event, out) => { out = HttpResponseStream.from(out, { statusCode: 204 }); out.write(''); out.end() }",
    ),
  },
  { name: 'streams nothing', files: stream('async (event, out) => { out.end() }') },
  {
    name: 'streams by pipeline()',
    files: stream("async (event, out) => { await pipeline(Readable.from(['a', 'b']), out) }"),
  },
  {
    name: 'streams an HTTP response by pipeline()',
    files: stream(
      "async (event, out) => { await pipeline(Readable.from(['a', 'b']), HttpResponseStream.from(out, { statusCode: 200 })) }",
    ),
  },
  {
    name: 'streams objects and bytes',
    files: stream(
      "async (event, out) => { out.write({ a: 1 }); out.write(new Uint8Array([65, 66])); out.write(Buffer.from('ü')); out.end() }",
    ),
  },
  {
    name: 'streams under back-pressure',
    files: stream(
      "async (event, out) => { for (let i = 0; i < 64; i++) if (!out.write('x'.repeat(65536))) await new Promise((r) => out.once('drain', r)); out.end() }",
    ),
  },
  {
    name: 'streams over 6 MB',
    files: stream(
      "async (event, out) => { for (let i = 0; i < 112; i++) if (!out.write('x'.repeat(65536))) await new Promise((r) => out.once('drain', r)); out.end() }",
    ),
  },
  {
    name: 'streams after the handler has returned',
    files: stream("async (event, out) => { out.write('early '); setTimeout(() => out.end('late'), 50) }"),
  },
  {
    name: 'streams with a highWaterMark',
    files: {
      'index.mjs':
        "export const handler = awslambda.streamifyResponse(async (event, out) => { out.write('x'); out.end() }, { highWaterMark: 1024 })\n",
    },
  },
  {
    name: 'streams and returns something',
    pause: 300,
    files: stream("async (event, out) => { out.end('x'); return 'ignored' }"),
  },
  { name: 'a streaming handler that is not async', pause: 300, files: stream("(event, out) => { out.end('x') }") },
  {
    name: 'a streaming handler with three arguments',
    files: stream('async (event, out, context) => { out.end(String(context.awsRequestId.length)) }'),
  },
  {
    name: 'sets the content type too late',
    files: stream("async (event, out) => { out.write('x'); out.setContentType('text/plain') }"),
  },
  {
    name: 'throws before the first byte',
    files: stream("async () => { throw new TypeError('early') }"),
    invocations: [{}, {}],
  },
  {
    name: 'throws after the first byte',
    files: stream("async (event, out) => { out.write('one'); await wait(10); throw new TypeError('late') }"),
    invocations: [{}, {}],
  },
  {
    name: 'throws a string while it streams',
    files: stream("async (event, out) => { out.write('one'); throw 'text' }"),
  },
  {
    name: 'throws after end()',
    pause: 300,
    files: stream("async (event, out) => { out.end('all'); throw new TypeError('after') }"),
  },
  {
    name: 'exits while it streams',
    files: stream("async (event, out) => { out.write('one'); await wait(10); process.exit(1) }"),
    options: short,
  },
  {
    name: 'streams and never ends',
    files: stream("async (event, out) => { out.write('one'); setInterval(() => {}, 1000) }"),
    options: short,
  },
  {
    name: 'the stream that a handler gets',
    files: stream(
      'async (event, out) => { out.end(JSON.stringify([Object.keys(out).sort(), out.writable, out.writableEnded, out.writableLength, out.destroyed, out.writableObjectMode])) }',
    ),
  },
]
