import { median } from '../../harness/statistics.ts'
import { kinds } from './kinds.ts'
import type { Timeline } from './results.ts'

/** Timelines as bars over one scale, a block of text each: what overlaps stands above one another. */
export const chart = (all: readonly { readonly title: string; readonly timelines: readonly Timeline[] }[]): string => {
  const width = 60
  const longest = Math.max(...all.map(({ timelines }) => median(timelines.map(({ ready }) => ready))))
  const at = (ms: number) => Math.round((ms / longest) * width)
  const blocks = all.map(({ title, timelines }) => {
    const of = (pick: (timeline: Timeline) => number) => median(timelines.map(pick))
    const bars = kinds.map((what, i) => {
      const from = at(of(({ spans }) => spans[i]!.began))
      const to = at(of(({ spans }) => spans[i]!.ended))
      return `  ${what.padEnd(11)}${' '.repeat(from)}${'█'.repeat(Math.max(1, to - from))}`
    })
    return [`${title}: ${of(({ ready }) => ready).toFixed(0)} ms`, ...bars].join('\n')
  })
  return ['```text', blocks.join('\n\n'), '```'].join('\n')
}
