import type { PeerModule } from './peer.ts'

export const groups = [
  'empty',
  'adding',
  'around',
  'resources',
  'http',
  'routes',
  'cold',
  'size',
  'memory',
  'data',
  'observability',
] as const
export type Group = (typeof groups)[number]

/** Something that is measured, of every peer that fills it. */
export interface Cell {
  readonly id: string
  readonly group: Group
  readonly title: string
  /** The peer's export, and what it is called with. */
  readonly make: Exclude<keyof PeerModule, 'peer'>
  readonly count?: number
  /** What it is asked, by its name in `process/requests.ts`. */
  readonly requests: string
  /** Lines that it must log for each invocation. */
  readonly lines?: number
  readonly environment?: Readonly<Record<string, string>>
}

const counts = [1, 5, 10]
const counted = (group: Group & ('adding' | 'around'), title: (count: number) => string, make: Cell['make'] = group) =>
  counts.map((count): Cell => ({ id: `${make}-${count}`, group, title: title(count), make, count, requests: 'plain' }))

const quiet = { POWERTOOLS_LOG_LEVEL: 'WARN' }
const asked = [
  ['hit', 'found'],
  ['miss', 'unknown path'],
  ['wrong', 'wrong method'],
] as const

/** What is measured invocation by invocation. */
export const cells: readonly Cell[] = [
  { id: 'empty', group: 'empty', title: 'nothing', make: 'empty', requests: 'plain' },
  ...counted('adding', (count) => `${count} that add${count === 1 ? 's' : ''} a value`),
  ...counted('around', (count) => `${count} async try/finally`),
  ...counted('around', (count) => `${count} synchronous`, 'over'),
  { id: 'resources-10', group: 'resources', title: '10 resources', make: 'resources', count: 10, requests: 'plain' },
  { id: 'http-ok', group: 'http', title: 'success', make: 'http', requests: 'order', lines: 1 },
  { id: 'http-invalid', group: 'http', title: 'validation failure', make: 'http', requests: 'invalid', lines: 1 },
  {
    id: 'http-ok-quiet',
    group: 'http',
    title: 'success, level WARN',
    make: 'http',
    requests: 'order',
    lines: 0,
    environment: quiet,
  },
  {
    id: 'http-invalid-quiet',
    group: 'http',
    title: 'validation failure, level WARN',
    make: 'http',
    requests: 'invalid',
    lines: 0,
    environment: quiet,
  },
  ...[12, 200].flatMap((count) =>
    asked.map(
      ([ask, title]): Cell => ({
        id: `routes-${count}-${ask}`,
        group: 'routes',
        title: `${count} routes, ${title}`,
        make: 'routes',
        count,
        requests: `${ask}-${count}`,
      }),
    ),
  ),
]
