import { observed, observing, type Work } from '@fnware/core/extend'
import type { ChainableCommander, Command } from 'ioredis'
import type { Place } from './errors.ts'

/** Has a trace show a command: its name, and nothing of what it is sent with. */
export const showCommand = (place: Place, command: Command): void => {
  const end = observing(() => sent(place, command.name.toUpperCase()))
  if (!end) return
  // And not by its promise, whose rejection would count as handled.
  const { resolve, reject } = command
  command.resolve = (value) => {
    end()
    resolve(value)
  }
  command.reject = (error) => {
    end(error)
    reject(error)
  }
}

/** Has a trace show a pipeline as one: the names of its commands. */
export const showPipeline = (place: Place, pipeline: ChainableCommander): ChainableCommander => {
  const { exec } = pipeline
  pipeline.exec = (callback) => {
    const end = observing(() => sent(place, commandsOf(pipeline)))
    const results = exec.call(pipeline, callback)
    if (!end) return results
    const ended = results.then(
      (results) => {
        end(results?.find(([error]) => error)?.[0] ?? undefined)
        return results
      },
      (error) => {
        end(error)
        throw error
      },
    )
    if (!callback) return ended
    ended.catch(() => {})
    return results
  }
  return pipeline
}

/** Connecting, with TLS and authentication. */
export const shownConnect = <T>({ address }: Place, run: () => Promise<T>): Promise<T> =>
  observed(() => ({ name: `connect to ${address}`, kind: 'redis' }), run)

const sent = ({ address }: Place, statement: string): Work => ({
  name: address.replace(/:\d+$/, ''),
  kind: 'redis',
  sql: { url: `redis://${address}`, database_type: 'Redis', statement },
})

const commandsOf = (pipeline: ChainableCommander): string => {
  const { _queue: queue } = pipeline as unknown as { readonly _queue: readonly Command[] }
  const shown = queue.slice(0, most).map(({ name }) => name.toUpperCase())
  return [...shown, ...(queue.length > most ? [`and ${queue.length - most} more`] : [])].join(' ')
}
const most = 20
