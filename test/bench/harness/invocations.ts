import { join } from 'node:path'
import { bundle, cellEntry } from './bundle.ts'
import { type Cell, cells } from './cells.ts'
import { run } from './child.ts'
import { type Found, fills } from './discover.ts'
import { median, quantile } from './statistics.ts'

/** What is measured in a process: one cell of one peer. */
export interface Place {
  readonly cell: Cell
  readonly peer: Found
  readonly file: string
}

/** One round's figures of a place, in ns an invocation. */
export interface Figure {
  readonly cpu: number
  readonly wall: number
}

const nameOf = (peer: Found, cell: Cell) => `${peer.name}.${cell.make}${cell.count ?? ''}`

/** A peer that answers a wrong method as an unknown path is measured at that. */
export const requestsOf = ({ module }: Found, { requests }: Cell): string =>
  requests.startsWith('wrong-') && module.peer.cannot?.['wrong method'] ? `${requests}-404` : requests

/** Bundles every place of the wanted cells, once for those that share their code. */
export const places = async (
  peers: readonly Found[],
  wanted: (cell: Cell, peer: Found) => boolean,
  out: string,
): Promise<readonly Place[]> => {
  const all = cells.flatMap((cell) =>
    peers
      .filter((peer) => fills(peer, cell) && wanted(cell, peer))
      .map((peer): Place => ({ cell, peer, file: join(out, `${nameOf(peer, cell)}.mjs`) })),
  )
  const entries = new Map(
    all.map(({ cell, peer }) => [nameOf(peer, cell), cellEntry(peer.file, cell.make, cell.count)] as const),
  )
  await bundle(
    [...entries].map(([name, code]) => ({ name, code })),
    out,
  )
  return all
}

/** What disturbs a sample only ever adds to it: the lower quartile is what the function itself takes. */
const undisturbed = (samples: readonly number[]) => quantile(samples, 0.25)

/**
 * One figure of a place, from a process of its own. V8's collector runs on the main thread, so that the garbage a
 * function makes is counted with it.
 */
export const measure = async ({ cell, peer, file }: Place, driver: string, ms: number): Promise<Figure> => {
  const { figure, lines } = await measured(
    { driver, file, asked: requestsOf(peer, cell), environment: cell.environment ?? {} },
    ms,
  )
  if (cell.lines !== undefined && Math.abs(lines - cell.lines) > 0.001)
    throw new Error(`${file}: ${lines} lines for each invocation, rather than ${cell.lines}`)
  return figure
}

interface Measured {
  readonly driver: string
  readonly file: string
  /** What the driver is told beside the file. */
  readonly asked: string
  readonly environment: Readonly<Record<string, string>>
  readonly node?: string | undefined
}

/** @returns with the lines that were logged for each invocation */
export const measured = async (
  { driver, file, asked, environment, node }: Measured,
  ms: number,
): Promise<{ figure: Figure; lines: number }> => {
  const out = await run({
    options: ['--single-threaded-gc'],
    args: [driver, file, asked, String(ms)],
    environment,
    node,
  })
  const { samples, lines } = JSON.parse(out) as {
    samples: readonly { readonly cpu: number; readonly wall: number }[]
    lines: number
  }
  const figure = { cpu: undisturbed(samples.map(({ cpu }) => cpu)), wall: median(samples.map(({ wall }) => wall)) }
  return { figure, lines }
}
