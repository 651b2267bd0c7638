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
    try {
      await connect(await selected())
    } catch (error) {
      if (!isRefused(error)) throw error
      await connect(await renew(selected))
    }
  }
}
