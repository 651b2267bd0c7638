import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type LocalLambda, localLambda } from '@fnware/local'
import { build } from 'esbuild'
import type { Span } from 'test-telemetry'
import { describe, expect, onTestFinished, test } from 'vitest'
import { daemon, header } from '../test/traced.ts'

const folder = async () => {
  const made = await mkdtemp(join(tmpdir(), 'fnware-tracer-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

/** Bundles a function into one file, as people do, and runs it. Gives what it printed as JSON. */
const bundled = async (code: string, format: 'esm' | 'cjs', env: Readonly<Record<string, string>> = {}) => {
  const outfile = join(await folder(), format === 'esm' ? 'index.mjs' : 'index.cjs')
  await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    ...{ bundle: true, minify: true, platform: 'node', target: 'node22', conditions: ['@fnware/source'] },
    ...{ format, outfile, logLevel: 'silent' },
  })
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env })
  return JSON.parse(stdout)
}

/** Which of Node's own modules are there after some invocations. */
const loadedBy = (use: string, headers: readonly string[], format: 'esm' | 'cjs') =>
  bundled(
    `import { lambda } from '@fnware/core'
    import { tracer } from '@fnware/tracer'
    const handler = lambda().use(${use}).handle(async ({ tracer }) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return tracer.span('a', async () => tracer.headers())
    })
    const run = async () => {
      for (const xRayTraceId of ${JSON.stringify(headers)})
        await handler({}, { awsRequestId: 'x', getRemainingTimeInMillis: () => 9000, xRayTraceId })
      console.log(JSON.stringify(process.moduleLoadList))
    }
    void run()`,
    format,
  )

describe.each(['esm', 'cjs'] as const)('a function in one file, as %s', (format) => {
  test('loads nothing that it would not load without a tracer, until an invocation is sampled', async () => {
    const unsampled = header.replace('Sampled=1', 'Sampled=0')
    const stand = `(_, next) => next({ tracer: { span: (_, fn) => fn(), headers: () => ({}) } })`
    const without = await loadedBy(stand, [unsampled, unsampled], format)
    const untraced = await loadedBy('tracer()', [unsampled, unsampled], format)
    expect(untraced.filter((name: string) => !without.includes(name))).toEqual([])
    for (const name of ['dgram', 'crypto', 'async_hooks', 'diagnostics_channel', 'http', 'https'])
      if (!without.includes(`NativeModule ${name}`)) expect(untraced).not.toContain(`NativeModule ${name}`)
    const traced = await loadedBy('tracer()', [unsampled, header], format)
    expect(traced).toContain('NativeModule dgram')
    expect(without).not.toContain('NativeModule dgram')
  })
})

test('what is published is in pieces, of which those of an engine are read when it is loaded', async () => {
  const code = `import { lambda } from '@fnware/core'; import { tracer } from '@fnware/tracer'; export const f = lambda().use(tracer())`
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', write: false, metafile: true, outdir: 'x' },
    conditions: ['@fnware/source'],
  })
  const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === '<stdin>')
  expect(
    Object.keys(entry?.inputs ?? {}).filter((name) => /tracer\/src\/(?:xray|capture)\/(?!options)/.test(name)),
  ).toEqual([])
  const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  expect(imports.filter(({ external }) => external).map(({ path }) => path)).not.toContain('node:dgram')
  expect(imports.some(({ kind }) => kind === 'dynamic-import')).toBe(true)
})

describe('under Lambda', () => {
  const hex = (n: number, length: number) => n.toString(16).padStart(length, '0')
  const rootOf = (i: number) => `1-5759e988-${hex(i, 24)}`
  const parentOf = (i: number) => hex(i + 1, 16)

  const started = async (environment: Readonly<Record<string, string>>, more: object = {}): Promise<LocalLambda> => {
    const lambda = localLambda({
      functions: {
        shop: {
          code: join(import.meta.dirname, '../test/functions'),
          handler: 'shop.handler',
          environment: { NODE_OPTIONS: '--conditions=@fnware/source', ...environment },
          ...more,
        },
      },
      port: 0,
    })
    onTestFinished(() => lambda.close())
    return lambda
  }
  const invoke = async (lambda: LocalLambda, i: number, way?: string) => {
    const traceId = `Root=${rootOf(i)};Parent=${parentOf(i)};Sampled=${i % 4 === 3 ? 0 : 1}`
    const { payload, functionError } = await lambda.invoke('shop', { mark: `/${i}/`, way }, { traceId })
    return { ...(JSON.parse(payload) as { traceId?: string; pid?: number }), functionError }
  }
  const sound = (spans: readonly Span[], i: number) => {
    const own = spans.filter(({ trace }) => trace === rootOf(i))
    const named = (name: string) => own.find((span) => span.name === name)
    const top = named('## shop.handler')
    expect(top).toMatchObject({ parent: parentOf(i), annotations: { mark: `/${i}/`, Service: 'shop' } })
    for (const name of ['a', 'b']) {
      expect(named(`${name} /${i}/`)).toMatchObject({ parent: top?.id, annotations: { mark: `/${i}/` } })
      expect(named(`${name} inner /${i}/`)?.parent).toBe(named(`${name} /${i}/`)?.id)
    }
    for (const { name } of own) if (name !== top?.name) expect(name).toContain(`/${i}/`)
    return top as Span
  }

  test('one invocation at a time: the first alone is cold, and its datagrams are out before the environment freezes', async () => {
    const xray = await daemon()
    const lambda = await started(xray.environment)
    for (let i = 0; i < 8; i++) {
      const { traceId, functionError } = await invoke(lambda, i, i === 5 ? 'throws' : undefined)
      if (i === 5) expect(functionError).toBe('Unhandled')
      else expect(traceId).toBe(rootOf(i))
    }
    const spans = await xray.until((spans) => spans.length === 6 * 5)
    const tops = [0, 1, 2, 4, 5, 6].map((i) => sound(spans, i))
    expect(tops.map(({ annotations }) => annotations.ColdStart)).toEqual([true, ...Array(5).fill(false)])
    expect(tops.map(({ fault }) => fault)).toEqual([false, false, false, false, true, false])
  })

  test('64 at once in one environment never share a trace or a parent', async () => {
    const xray = await daemon()
    const lambda = await started(xray.environment, { environmentConcurrency: 64, timeout: 20 })
    const results = await Promise.all(
      Array.from({ length: 64 }, (_, i) => invoke(lambda, i, i % 8 === 0 ? 'throws' : undefined)),
    )
    expect(new Set(results.flatMap(({ pid }) => pid ?? [])).size).toBe(1)
    const sampled = Array.from({ length: 64 }, (_, i) => i).filter((i) => i % 4 !== 3)
    const spans = await xray.until((spans) => spans.length === sampled.length * 5)
    for (const i of sampled) expect(sound(spans, i).fault).toBe(i % 8 === 0)
    for (const [i, { traceId }] of results.entries()) if (i % 8 !== 0) expect(traceId).toBe(rootOf(i))
    expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length)
  })

  test('what hangs until Lambda ends it is in its trace', async () => {
    const xray = await daemon()
    const lambda = await started(xray.environment, { timeout: 2 })
    await invoke(lambda, 0, 'hangs')
    const spans = await xray.until((spans) => spans.length === 6)
    sound(spans, 0)
    expect(spans.filter(({ end }) => end === undefined).map(({ name }) => name)).toEqual([
      '## shop.handler',
      'hangs /0/',
    ])
  })

  test('without a daemon every invocation is answered, and the log says it once', async () => {
    const xray = await daemon()
    await xray.down()
    const events: string[] = []
    const lambda = localLambda({
      functions: {
        shop: {
          code: join(import.meta.dirname, '../test/functions'),
          handler: 'shop.handler',
          environment: { NODE_OPTIONS: '--conditions=@fnware/source', ...xray.environment },
        },
      },
      port: 0,
      onEvent: (event) => {
        if (event.type === 'log') events.push(event.line)
      },
    })
    onTestFinished(() => lambda.close())
    for (let i = 4; i < 7; i++) expect((await invoke(lambda, i)).traceId).toBe(rootOf(i))
    await xray.up()
    await invoke(lambda, 8)
    await xray.until((spans) => spans.some(({ trace }) => trace === rootOf(8)))
    expect(events.filter((line) => line.includes("X-Ray's daemon does not take traces"))).toHaveLength(1)
  })
})
