import { classify, gather } from '@fnware/aws/extend'
import type { Fetch } from '@fnware/core'
import { toError } from '@fnware/core/extend'
import { notFetched } from './error.ts'
import type { Parameter } from './parameter.ts'
import { reading, type Stored } from './reading.ts'
import type { ParameterRequest, Transport } from './transport.ts'
import { Late, within } from './within.ts'

/** Gets what a definition asks for; `anew` where what is kept on the way was found wrong. */
export type Get = (it: Parameter, anew: boolean, signal: AbortSignal) => Promise<Stored>

/** What is wanted in the same tick is asked for together, ten parameters to a call. */
export const getting = (transport: Transport): Get => {
  const { getMany, getPath } = transport
  const each = (request: ParameterRequest, signal: AbortSignal) => transport.get(request, signal)
  const many = async (requests: readonly ParameterRequest[], signal: AbortSignal) => {
    const [first] = requests as [ParameterRequest]
    if (!getMany || requests.length === 1) return [await each(first, signal)]
    try {
      return await getMany(
        requests.map(({ name }) => name),
        signal,
      )
    } catch (error) {
      // For one that is denied all of them are refused: one by one, the others are there, and it is told which.
      if (!ofOne.includes(classify(error))) throw error
      return Promise.all(requests.map((request) => each(request, signal).catch(toError)))
    }
  }
  const together = gather({
    most: getMany ? 10 : 1,
    identify: ({ name, anew }: ParameterRequest) => JSON.stringify([name, anew]),
    ask: many,
  })
  const paths = gather({
    most: 1,
    identify: (path: string) => path,
    ask: async ([path = ''], signal) => [await (getPath as NonNullable<typeof getPath>)(path, signal)],
  })
  return ({ name, format }, anew, signal) =>
    format === 'path' ? paths(name, signal) : together({ name, ...(anew && { anew }) }, signal)
}
const ofOne: readonly string[] = ['denied', 'invalid', 'missing']

/** Fetches a parameter, and reads it. */
export const fetching =
  (key: string, it: Parameter, get: Get, timeout: number): Fetch<unknown> =>
  (signal, wrong) =>
    within(timeout, signal, async (signal) => {
      let stored: Stored
      try {
        stored = await get(it, wrong !== undefined, signal)
      } catch (error) {
        throw notFetched(key, it, error)
      }
      return reading(key, it, stored)
    }).catch((error) => {
      throw error instanceof Late ? notFetched(key, it, error) : error
    })
