import { classify, gather, Late, within } from '@fnware/aws/extend'
import type { Fetch } from '@fnware/core'
import { toError } from '@fnware/core/extend'
import type { Parameter } from './parameter.ts'
import { reading } from './reading.ts'
import type { ParameterRequest, Transport } from './transport.ts'
import { notFetched } from './words.ts'

/** A parameter, and where it is found. */
export interface Wanted {
  readonly key: string
  /** With the resource's: `parameters.url`. */
  readonly path: string
  readonly parameter: Parameter
}

/** What was fetched: a parameter's text, or the texts below a path by their full names. */
export type Stored = string | ReadonlyMap<string, string>

/** Gets what is wanted; `anew` where a value that is kept on the way was found wrong. */
export type Get = (parameter: Parameter, anew: boolean, signal: AbortSignal) => Promise<Stored>

/** What is wanted in the same tick is asked for together, ten parameters to a call. */
export const getting = (transport: Transport): Get => {
  const getMany = transport.getMany?.bind(transport)
  const each = (request: ParameterRequest, signal: AbortSignal) => transport.get(request, signal)
  const parameters = gather({
    most: getMany ? 10 : 1,
    identify: ({ name, anew }: ParameterRequest) => JSON.stringify([name, anew]),
    ask: async (requests, signal) => {
      const [first, ...others] = requests as [ParameterRequest, ...ParameterRequest[]]
      if (!getMany || others.length === 0) return [await each(first, signal)]
      try {
        const names = requests.map(({ name }) => name)
        return await getMany(names, signal)
      } catch (error) {
        // For one that is denied all of them are refused: one by one, the others are there, and it is told which.
        if (!ofOne.includes(classify(error))) throw error
        return Promise.all(requests.map((request) => each(request, signal).catch(toError)))
      }
    },
  })
  const paths = gather({
    most: 1,
    identify: (path: string) => path,
    ask: async ([path = ''], signal) => [await (transport as Required<Transport>).getPath(path, signal)],
  })
  return ({ name, format }, anew, signal) =>
    format === 'path' ? paths(name, signal) : parameters({ name, ...(anew && { anew }) }, signal)
}
const ofOne: readonly string[] = ['denied', 'invalid', 'missing']

/** Fetches a parameter, and reads it. */
export const fetching =
  (get: Get, wanted: Wanted, timeout: number): Fetch<unknown> =>
  (signal, wrong) =>
    within(timeout, signal, async (signal) => {
      let stored: Stored
      try {
        stored = await get(wanted.parameter, wrong !== undefined, signal)
      } catch (error) {
        throw notFetched(wanted, error)
      }
      return reading(wanted, stored)
    }).catch((error) => {
      throw error instanceof Late ? notFetched(wanted, error) : error
    })
