import type { FormatError } from './redact.ts'

/**
 * An Error as Powertools' own formatter has it.
 * @param dev whether stacks are to be read where they are written
 */
export const errorFormat =
  (dev: boolean): FormatError =>
  ({ name, message, stack, cause, ...more }) => ({
    name,
    location: locationOf(stack),
    message,
    stack: dev && typeof stack === 'string' ? stack.split('\n') : stack,
    cause,
    ...more,
  })

/** Where an Error was made: `file:line`. */
const locationOf = (stack: string | undefined): string => {
  for (const line of stack?.split('\n') ?? []) {
    const [, file, row] = /\(([^()]*):(\d+):\d+\)$/.exec(line) ?? []
    if (file) return `${file}:${row}`
  }
  return ''
}
