import type { Redis } from 'ioredis'
import type { Place } from './errors.ts'

/** Keeps the password out of what prints a client, copies its options, or writes either as JSON. */
export const hide = (client: Redis, { address }: Place): void => {
  const shown = () => `[redis: ${address}]`
  Object.defineProperties(client, { [inspected]: { value: shown }, toJSON: { value: shown } })
  for (const name of ['username', 'password'])
    Object.defineProperty(client.options, name, { value: undefined, writable: true, enumerable: false })
}
const inspected = Symbol.for('nodejs.util.inspect.custom')

/** The driver tells with what a command was sent that was refused: for AUTH that is the password. */
export const withoutArguments = (error: unknown): unknown => {
  const { command } = Object(error) as { command?: { name: string; args: unknown[] } }
  if (command) command.args = []
  return error
}
