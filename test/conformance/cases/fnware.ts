import { fileURLToPath } from 'node:url'
import { httpApiEvent } from '@fnware/testing'
import { build } from 'esbuild'
import { type Case, short } from '../case.ts'

/** A function as a user would deploy it: one bundle. */
const deployed = async (name: string) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../functions/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    conditions: ['@fnware/source'],
  })
  return { files: { 'fnware.mjs': outputFiles[0]!.text }, handler: 'fnware.handler' }
}

const does = (...events: readonly { readonly does: string; readonly ms?: number }[]) =>
  events.map((event) => ({ event }))

const requests = (...lines: readonly string[]) =>
  lines.map((line) => {
    const [method, path, body] = line.split(' ') as [string, string, string?]
    return {
      event: httpApiEvent({
        method,
        path,
        query: { q: 'ü' },
        ...(body === undefined ? {} : { body: JSON.parse(body) }),
      }),
    }
  })

const [plain, api, failing] = await Promise.all(['plain', 'api', 'failing'].map(deployed))

/** Finished functions of ours. */
export const finished: readonly Case[] = [
  { name: 'fnware: results, and resources that last', ...plain!, invocations: does({ does: 'a' }, { does: 'b' }) },
  { name: 'fnware: the tenant', ...plain!, invocations: [{ event: { does: 'a' }, options: { tenantId: 't-1' } }] },
  {
    name: 'fnware: what is disposed of when the environment is shut down',
    ...plain!,
    options: { environment: { TELL: 'yes' } },
    invocations: does({ does: 'a' }),
  },
  { name: 'fnware: an error', ...plain!, invocations: does({ does: 'throw' }, { does: 'a' }) },
  { name: 'fnware: an HttpError without HTTP', ...plain!, invocations: does({ does: 'http-error' }) },
  { name: 'fnware: an InputError', ...plain!, invocations: does({ does: 'invalid' }) },
  { name: 'fnware: defer', ...plain!, invocations: does({ does: 'defer' }) },
  { name: 'fnware: the signal before the timeout', ...plain!, options: short, invocations: does({ does: 'signal' }) },
  { name: 'fnware: hangs past its deadline', ...plain!, options: short, invocations: does({ does: 'hang' }) },
  { name: 'fnware: a resource that fails at first', ...failing!, invocations: [{}, {}, {}] },
  {
    name: 'fnware: routes',
    ...api!,
    invocations: requests(
      'GET /orders/7',
      'POST /orders {"sku":"ü"}',
      'GET /none',
      'DELETE /orders/7',
      'OPTIONS /orders',
    ),
  },
  { name: 'fnware: cookies and bytes', ...api!, invocations: requests('GET /cookies', 'GET /bytes', 'HEAD /orders/7') },
  { name: 'fnware: faults over HTTP', ...api!, invocations: requests('GET /fault', 'GET /taken') },
  { name: 'fnware: a deadline over HTTP that is heard', ...api!, options: short, invocations: requests('GET /slow') },
  {
    name: 'fnware: a deadline over HTTP that is not heard',
    ...api!,
    options: short,
    invocations: requests('GET /hang', 'GET /orders/1'),
  },
  {
    name: 'fnware: many at once, each its own context and over',
    ...plain!,
    invocations: does(...[30, 20, 10, 0].map((ms) => ({ does: 'wait', ms }))),
    together: true,
    only: { mode: 'multi', because: 'one at a time otherwise' },
  },
  {
    name: 'fnware: many at once over HTTP',
    ...api!,
    options: short,
    invocations: requests('GET /hang', 'GET /orders/1', 'GET /slow', 'GET /fault'),
    together: true,
    only: { mode: 'multi', because: 'one at a time otherwise' },
  },
]
