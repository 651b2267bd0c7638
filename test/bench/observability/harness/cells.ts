import type { ObservabilityModule } from './peer.ts'

/**
 * What the trace headers say: that invocations are sampled, that they are not, or that they are not after one that was,
 * for which all has been loaded. After each that is sampled comes a turn of the event loop, as under Lambda, and is timed:
 * what an invocation sends is sent in it.
 */
export type Told = 'sampled' | 'unsampled' | 'after'

/** Something that is measured of every peer that fills it. */
export interface ObservabilityCell {
  readonly id: string
  readonly title: string
  readonly make: Exclude<keyof ObservabilityModule, 'peer' | 'stack'>
  readonly count?: number
  readonly trace: Told
  /** Lines that each invocation writes. */
  readonly lines: number
}

/** Cells of which a difference is told in tens of ns: a process differs from the next by as much, so more are asked. */
export const fine: readonly string[] = ['plain', 'idle', 'tracer', 'tracer-after']
export const fineRounds = 3

const cell = (
  id: string,
  title: string,
  make: ObservabilityCell['make'],
  lines: number,
  trace: Told = 'unsampled',
  count?: number,
): ObservabilityCell => ({ id, title, make, lines, trace, ...(count !== undefined && { count }) })

/** What a handler awaits, so that ten of them can be told from what an invocation costs beside them. */
export const few = 10
export const many = 3010

export const observabilityCells: readonly ObservabilityCell[] = [
  cell('plain', 'nothing', 'plain', 0),
  cell('logger', 'logger', 'logger', 1),
  cell('idle', 'tracer, not sampled, not used', 'idle', 0),
  cell('tracer', 'tracer, not sampled', 'tracer', 0),
  cell('tracer-after', 'tracer, not sampled, after one that was', 'tracer', 0, 'after'),
  cell('metrics', 'metrics', 'metrics', 1),
  cell('all', 'all three, not sampled', 'all', 2),
  cell('plain-sampled', 'nothing', 'plain', 0, 'sampled'),
  cell('tracer-sampled', 'tracer', 'tracer', 0, 'sampled'),
  cell('all-sampled', 'all three', 'all', 2, 'sampled'),
  ...[few, many].flatMap((count) => [
    cell(`awaits-${count}`, `${count} awaits`, 'awaits', 0, 'unsampled', count),
    cell(`unsampled-awaits-${count}`, `${count} awaits, not sampled`, 'tracedAwaits', 0, 'unsampled', count),
    cell(`after-awaits-${count}`, `${count} awaits, after one that was sampled`, 'tracedAwaits', 0, 'after', count),
    cell(`sampled-awaits-${count}`, `${count} awaits, sampled`, 'tracedAwaits', 0, 'sampled', count),
  ]),
]
