import { gather, Late, within } from '@fnware/aws/extend'
import type { Fetch } from '@fnware/core'
import { hide } from '@fnware/core/extend'
import { leavesIn, leavesOf } from './leaves.ts'
import { reading } from './reading.ts'
import type { Secret } from './secret.ts'
import type { SecretRequest, StoredSecret, Transport } from './transport.ts'
import { notFetched } from './words.ts'

/** A secret, and where it is found. */
export interface Wanted {
  readonly key: string
  /** With the resource's: `secrets.database`. */
  readonly path: string
  readonly secret: Secret
}

/** One version of a secret, as each of those that want it reads it. */
export interface Fetched {
  readonly version: string | undefined
  readonly values: Readonly<Record<string, unknown>>
}

type Get = (request: SecretRequest, signal: AbortSignal) => Promise<StoredSecret>

/** @throws TypeError where a batch is wanted of a transport that has none */
export const getting = (transport: Transport, batch: boolean): Get => {
  const get: Get = (request, signal) => transport.get(request, signal)
  if (!batch) return get
  const getMany = transport.getMany?.bind(transport)
  if (!getMany) throw new TypeError('secrets(): `batch` takes a transport that has one: https() or sdk()')
  const together = gather<string, StoredSecret>({
    most: 20,
    identify: (id) => id,
    ask: async (ids, signal) => {
      const [id, ...others] = ids as readonly [string, ...string[]]
      return others.length > 0 ? await getMany(ids, signal) : [await get({ id }, signal)]
    },
  })
  // It takes neither versions nor stages.
  return (request, signal) =>
    isCurrent(request) && !request.anew ? together(request.id, signal) : get(request, signal)
}

const isCurrent = ({ version, stage }: SecretRequest) => !version && (!stage || stage === 'AWSCURRENT')

/** Fetches a version, and reads it for all who want it; they want the same. */
export const fetching = (get: Get, wanted: readonly [Wanted, ...Wanted[]], timeout: number): Fetch<Fetched> => {
  const [first] = wanted
  const { request } = first.secret
  const read = async (stored: StoredSecret): Promise<Fetched> => {
    // First of all: what a schema logs, or an error says, shows none of it.
    hide(leavesOf(stored))
    const values: Record<string, unknown> = {}
    for (const each of wanted) values[each.key] = await reading(each, stored)
    hide(leavesIn(Object.values(values)))
    return { version: stored.version, values }
  }
  /** A rotation sets the next password in the database first, and makes it the current one later. */
  const pending = async (signal: AbortSignal) => {
    try {
      return await read(await get({ ...request, stage: 'AWSPENDING', anew: true }, signal))
    } catch {
      // There is none, or it is not ready: what is current stays so.
      return undefined
    }
  }
  return (signal, wrong) =>
    within(timeout, signal, async (signal) => {
      let current: StoredSecret
      try {
        current = await get({ ...request, anew: wrong !== undefined }, signal)
      } catch (error) {
        throw notFetched(first, error)
      }
      const isWrong = wrong !== undefined && isCurrent(request) && current.version === wrong.value?.version
      return (isWrong && (await pending(signal))) || (await read(current))
    }).catch((error) => {
      throw error instanceof Late ? notFetched(first, error) : error
    })
}
