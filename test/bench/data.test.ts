import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bundles, bundleData } from './data/harness/bundles.ts'
import { countCalls, countConnections } from './data/harness/calls.ts'
import { Environment } from './data/harness/environment.ts'
import { dataCells, discoverData, filling } from './data/harness/peers.ts'
import { rotate } from './data/harness/rotation.ts'
import { awsWithValues, StandIns } from './data/harness/stand-ins.ts'
import { overlaps } from './data/harness/targets.ts'
import { timeline } from './data/harness/timeline.ts'
import { transports } from './data/harness/transports.ts'
import { parameterNames, type Read, secretIds } from './data/stack/values.ts'
import { bundle } from './harness/bundle.ts'
import { start } from './harness/cold.ts'

// What is compared must do the same: each bundled function of each peer, against the stand-ins that it is measured with.
const peers = await discoverData()
let out: string
let bundles: Bundles
let standIns: StandIns
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fnware-data-'))
  const cold = { name: 'cold', code: `import ${JSON.stringify(join(import.meta.dirname, 'process/cold.ts'))}` }
  ;[bundles, standIns] = await Promise.all([bundleData(peers, out), StandIns.start(out), bundle([cold], out)])
}, 120_000)
afterAll(async () => {
  await standIns?.close()
  await rm(out, { recursive: true, force: true })
})

const of = (cell: (typeof dataCells)[number]) => filling(peers, cell).map((peer) => [peer.name, peer] as const)

test('every cell is filled by at least two peers', () => {
  for (const cell of dataCells) expect(filling(peers, cell).length, cell).toBeGreaterThan(1)
})

test.each(of('configuration'))('%s reads the values, by as many calls as the others', async (_, peer) => {
  const file = bundles.cell(peer, 'configuration')
  expect(await countCalls(bundles.driver('invoke'), file, 10)).toEqual({ atInit: 6, warm: 0, invocations: 10 })
})

// As it comes, Middy keeps values for ever.
test.each(of('configuration').filter(([name]) => name !== 'middy'))('%s sees what is rotated', async (_, peer) => {
  await using aws = await awsWithValues()
  const environment = new Environment(bundles.driver('invoke'), bundles.cell(peer, 'configuration'), {
    ...aws.environment,
    BENCH_TTL: '100',
  })
  const read = async () => (await environment.answered()).last
  expect(await read()).toEqual({
    ok: true,
    secret: `secret of ${secretIds[0]}`,
    parameter: `value of ${parameterNames[0]}`,
  })
  aws.secrets.put(secretIds[0]!, 'rotated')
  aws.parameters.put(parameterNames[0]!, 'rotated', { type: 'SecureString' })
  const isOld = ({ secret, parameter }: Read) => secret !== 'rotated' || parameter !== 'rotated'
  while (isOld((await read()) as Read)) await new Promise((resolve) => setTimeout(resolve, 10))
  await environment.close()
})

test('what is told of rotations and of a service that fails', async () => {
  const told = of('configuration').map(async ([name, peer]) => {
    const { secret, outage } = await rotate(bundles.driver('invoke'), bundles.cell(peer, 'configuration'), 500, 1)
    expect(outage.answered, name).toBeGreaterThan(0)
    return [name, { rotations: secret.length, fails: outage.failed > 0 }] as const
  })
  expect(Object.fromEntries(await Promise.all(told))).toEqual({
    fnware: { rotations: 1, fails: false },
    hand: { rotations: 1, fails: true },
    middy: { rotations: 1, fails: false },
    'middy-expiry': { rotations: 1, fails: true },
  })
})

test.each(of('queries'))('%s queries the database by a token', async (name, peer) => {
  const counted = await countConnections(bundles.driver('invoke'), bundles.cell(peer, 'queries'), standIns, 20)
  expect(counted).toEqual({ invocations: 20, inTurn: 1, atOnce: name === 'fnware' ? 1 : 5 })
})

test.each(of('start'))('%s has all that it starts with, and tells when', async (_, peer) => {
  const { spans } = await timeline(bundles.driver('start'), bundles.cell(peer, 'start'), standIns)
  for (const { what, began, ended } of spans) {
    expect(began, what).toBeGreaterThan(0)
    expect(ended, what).toBeGreaterThan(began)
  }
})

test('what runs in sequence does not overlap', async () => {
  const sequence = peers.find(({ name }) => name === 'sequence')!
  const told = await timeline(bundles.driver('start'), bundles.cell(sequence, 'start'), standIns)
  expect(overlaps(told)).toBe(false)
  const [secrets, parameters, token] = told.spans
  expect(parameters!.began).toBeGreaterThanOrEqual(secrets!.ended)
  expect(token!.began).toBeGreaterThanOrEqual(parameters!.ended)
})

test.each(
  (['empty', 'held', 'read'] as const).flatMap((cell) => of(cell).map(([name, peer]) => [name, cell, peer] as const)),
)('%s answers when %s', async (_, cell, peer) => {
  const environment = new Environment(bundles.driver('invoke'), bundles.cell(peer, cell), standIns.environment)
  expect((await environment.answered(3)).last).toEqual({ ok: true })
  await environment.close()
})

test.each(transports.map(({ name }) => name))(
  'the transport %s has its secret, with or without undici',
  async (name) => {
    const { aws } = standIns
    const { undici } = await start(join(out, 'cold.mjs'), bundles.transport(name), aws.environment)
    expect(undici).toBe(['sdk', 'client', 'middy'].includes(name))
  },
)

test('an environment whose process ends says so, with what it wrote', async () => {
  const environment = new Environment(bundles.driver('invoke'), join(out, 'nothing.mjs'), {})
  await expect(environment.invoke()).rejects.toThrow(/nothing\.mjs ended.*Cannot find module/s)
  expect(environment.isOver).toBe(true)
  await environment.close()
})
