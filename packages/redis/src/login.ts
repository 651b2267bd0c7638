import { type Init, renew } from '@fnware/core'
import { isRefused } from './errors.ts'
import type { Credentials } from './redis.ts'

/** How a client connects: `connect` is called with credentials, and once more with fresh ones where those are refused. */
export type LogIn = (connect: (credentials: Credentials | undefined) => Promise<void>) => Promise<void>

export const login = <Needs extends object>(
  credentials: Credentials | ((resources: Needs) => Credentials | Promise<Credentials>) | undefined,
  read: Init<Needs>['read'],
): LogIn => {
  if (typeof credentials !== 'function') return (connect) => connect(credentials)
  const selected = () => read(credentials)
  return async (connect) => {
    const refused = await selected()
    try {
      await connect(refused)
    } catch (error) {
      if (!isRefused(error)) throw error
      // Another connect may have had them renewed meanwhile: that the new ones are wrong as well is not said.
      const known = await selected()
      await connect(isSame(known, refused) ? await renew(selected) : known)
    }
  }
}

const isSame = (one: Credentials, other: Credentials) =>
  one.password === other.password && one.username === other.username
