import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type LambdaEvent, localLambda } from '@fnware/local'
import type { Case, Mode } from './case.ts'
import { transcript } from './transcript.ts'

/** Invocations that one environment runs at once in `multi`. */
const concurrency = 4

/** What only one of the two clients reads: one worker thread, so that the code is loaded once under both. */
const multi = { AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' }

/** Runs a case on the local Lambda and writes down what is seen of it. */
export async function observe(each: Case, mode: Mode, runtime?: string): Promise<string[]> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'fnware-conformance-')))
  try {
    for (const [name, text] of Object.entries(each.files)) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), text)
    }
    return await run(each, mode, root, runtime)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function run(each: Case, mode: Mode, root: string, runtime: string | undefined): Promise<string[]> {
  const events: LambdaEvent[] = []
  await using lambda = localLambda({
    functions: {
      f: {
        code: root,
        handler: 'index.handler',
        timeout: 20,
        ...each.options,
        environment: { ...(mode === 'multi' ? multi : {}), ...each.options?.environment },
        ...(each.handler ? { handler: each.handler } : {}),
        ...(mode === 'multi' ? { environmentConcurrency: concurrency } : {}),
      },
    },
    region: 'eu-west-1',
    ...(runtime ? { runtime } : {}),
    onEvent: (event) => events.push(event),
  })
  const invoke = async ({ event, options }: NonNullable<Case['invocations']>[number]) => {
    const result = await lambda.invoke('f', event, options)
    await until(() => events.some((event) => event.type === 'report' && event.requestId === result.requestId))
    return result
  }
  const states = () => lambda.functions[0]!.environments.map(({ state }) => state)
  // In `multi` code goes on after a timeout: its environment stays busy.
  const settled = () => until(() => states().every((state) => state === 'idle'), 1500, false)
  if (each.warm) {
    await lambda.warm('f')
    await over(each.warm)
  }
  const given = each.invocations ?? [{}]
  const results = []
  if (each.together) results.push(...(await Promise.all(given.map(invoke))))
  else
    for (const one of given) {
      results.push(await invoke(one))
      await settled()
      if (each.pause) await over(each.pause)
    }
  await settled()
  await quiet(events)
  const [before, last] = [events.length, states()]
  await lambda.close()
  return transcript({ root, events, results, states: last, before })
}

const over = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function until(holds: () => boolean, within = 30_000, must = true): Promise<void> {
  const end = Date.now() + within
  while (!holds()) {
    if (Date.now() > end && must) throw new Error(`did not come to hold within ${within} ms: ${holds}`)
    if (Date.now() > end) return
    await over(10)
  }
}

/** Output comes by a way of its own, and may come after the answer: waits until no more does. */
async function quiet(events: readonly LambdaEvent[]): Promise<void> {
  for (let seen = -1; seen !== events.length; ) {
    seen = events.length
    await over(200)
  }
}
