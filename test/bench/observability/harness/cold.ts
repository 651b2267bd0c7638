import { join } from 'node:path'
import { type Start, start } from '../../harness/cold.ts'
import type { Options } from '../../harness/options.ts'
import { emptyModule } from '../../harness/parts.ts'
import { rotated } from '../../harness/results.ts'
import type { Bundles } from './bundles.ts'

const trace = 'Root=1-6565a1b2-0a1b2c3d4e5f607182939495;Parent=53995c3f42cd8ad8;Sampled='

/** What the first request is like. */
export const situations = [
  {
    name: 'light',
    title: 'not sampled, no secret needed',
    environment: { BENCH_TRACE: `${trace}0` },
    limit: 3,
  },
  {
    name: 'full',
    title: 'sampled, a secret needed',
    environment: { BENCH_TRACE: `${trace}1`, BENCH_NOTE: '1' },
    limit: 2,
  },
] as const

/**
 * Cold starts of the whole stack, in each situation in turn.
 * @param standIns the environment that leads to AWS and to X-Ray's daemon
 */
export const coldStarts = async (
  options: Options,
  bundles: Bundles,
  out: string,
  standIns: Readonly<Record<string, string>>,
  say: (text: string) => void,
): Promise<Record<string, Record<string, Start[]>>> => {
  const files = [
    [emptyModule.name, join(out, 'cold.mjs'), join(out, `${emptyModule.name}.mjs`)] as const,
    ...bundles.stacks.map(({ peer, file }) => [peer.name, bundles.driver('cold'), file] as const),
  ]
  const table: Record<string, Record<string, Start[]>> = {}
  for (let round = 0; round < options.starts; round++) {
    say(`cold starts of the observed stack: ${round + 1} of ${options.starts}`)
    for (const { name: situation, environment } of situations)
      for (const [name, driver, file] of rotated(files, round)) {
        const row = (table[situation] ??= {})
        ;(row[name] ??= []).push(await start(driver, file, { ...standIns, ...environment }))
      }
  }
  return table
}
