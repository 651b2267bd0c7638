import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from './harness/bundle.ts'
import { cells } from './harness/cells.ts'
import { run } from './harness/child.ts'
import { discover } from './harness/discover.ts'
import { type Place, places, requestsOf } from './harness/invocations.ts'

// What is compared must do the same: each bundled cell of each peer answers all that it is measured at.
const peers = await discover()
let out: string
let all: readonly Place[]
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fnware-cells-'))
  all = await places(peers, () => true, out)
  await bundle(
    [{ name: 'check', code: `import ${JSON.stringify(join(import.meta.dirname, 'process/check.ts'))}` }],
    out,
  )
})
afterAll(() => rm(out, { recursive: true, force: true }))

test('every cell is filled by at least two peers', () => {
  for (const { id } of cells) expect(all.filter(({ cell }) => cell.id === id).length, id).toBeGreaterThan(1)
})

describe.each(peers)('$name', (peer) => {
  test('answers rightly in every cell that it fills, and unwinds', async () => {
    const own = all.filter((place) => place.peer === peer)
    const args = own.map(({ cell, file }) => `${file}#${requestsOf(peer, cell)}`)
    const told = JSON.parse(await run({ args: [join(out, 'check.mjs'), ...args] })) as {
      trouble: string[]
      unwound: number
    }[]
    expect(own.map(({ cell }, i) => [cell.id, told[i]!.trouble])).toEqual(own.map(({ cell }) => [cell.id, []]))
    const layers = own.map(({ cell }, i) => [cell.id, told[i]!.unwound])
    const expected = own.map(({ cell }) => [cell.id, cell.group === 'around' && peer.name !== 'bare' ? cell.count : 0])
    expect(layers).toEqual(expected)
  })

  test('says what it cannot do where it cannot, and only there', async () => {
    const wrong = all.find(({ peer: { name }, cell }) => name === peer.name && cell.id === 'routes-12-wrong')
    if (!wrong) return
    const [strict] = JSON.parse(await run({ args: [join(out, 'check.mjs'), `${wrong.file}#wrong-12`] })) as {
      trouble: string[]
    }[]
    expect(strict!.trouble.length > 0).toBe(peer.module.peer.cannot?.['wrong method'] !== undefined)
  })
})
