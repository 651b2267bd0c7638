import { inspect } from 'node:util'
import type { Context } from '@fnware/core'
import type { Logs } from './logs.ts'

/** An invocation that has ended. */
export interface Ended<Event = unknown, Result = unknown> {
  /** What its event was marked with. */
  readonly mark: string | undefined
  readonly event: Event
  readonly context: Context
  readonly outcome: PromiseSettledResult<Result>
  readonly logs: Logs
  readonly said: readonly Said[]
}

/** Something that an invocation gave away. */
export interface Said {
  readonly where: string
  readonly text: string
}

/** All that an invocation gave away, as text in which a mark can be found. */
export const said = (outcome: PromiseSettledResult<unknown>, logs: Logs): Said[] => [
  ...(outcome.status === 'fulfilled'
    ? [{ where: 'its result', text: shown(outcome.value) }, ...decodedBody(outcome.value)]
    : [{ where: 'its error', text: shown(outcome.reason) }]),
  ...logs.text.map((text) => ({ where: 'a line of its log', text })),
]

/** Circular or not, with maps, sets, causes and what else JSON leaves out. */
const shown = (value: unknown) =>
  inspect(value, {
    depth: Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    breakLength: Infinity,
    compact: true,
  })

const decodedBody = (result: unknown): Said[] => {
  const { body, isBase64Encoded } = (result ?? {}) as { body?: unknown; isBase64Encoded?: unknown }
  if (isBase64Encoded === true && typeof body === 'string')
    return [{ where: 'the body of its result', text: Buffer.from(body, 'base64').toString('latin1') }]
  return result instanceof Uint8Array ? [{ where: 'its result', text: Buffer.from(result).toString('latin1') }] : []
}

/** @throws Error where one invocation gave away what marks another */
export const refuseLeaks = (ended: readonly Ended[], seed: number): void => {
  const marks = ended.flatMap(({ mark, context }, owner) =>
    [mark, context.awsRequestId].flatMap((mark) => (mark === undefined ? [] : [{ mark, owner }])),
  )
  for (const [i, { said }] of ended.entries())
    for (const { where, text } of said)
      for (const { mark, owner } of marks) {
        const at = owner === i ? -1 : text.indexOf(mark)
        if (at >= 0)
          throw new Error(
            `invocation ${i} saw what belongs to invocation ${owner}, in ${where} (seed ${seed}): ${around(text, at)}`,
          )
      }
}

const around = (text: string, at: number) => {
  const from = Math.max(0, at - 200)
  return `${from > 0 ? '…' : ''}${text.slice(from, at + 300)}${text.length > at + 300 ? '…' : ''}`
}

/** @throws Error where a mark came back nowhere: then nothing would show a leak either */
export const refuseSilence = (ended: readonly Ended[], seed: number): void => {
  const i = ended.findIndex(({ mark, said }) => mark !== undefined && !said.some(({ text }) => text.includes(mark)))
  if (i >= 0)
    throw new Error(
      `the mark of invocation ${i} came back neither in its result nor in its log, so that nothing would show a leak: answer or log it, or give a \`check\` (seed ${seed})`,
    )
}
