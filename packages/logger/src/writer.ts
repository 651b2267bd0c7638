import type { Identity } from './identity.ts'

export type Method = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical'

/** Makes the lines of every invocation. */
export interface Writer {
  /**
   * The text of a line, whatever it is made of: no value makes it throw, and none makes it longer than what CloudWatch takes.
   * Empty where a logger that was given has written the line by itself.
   * @param keys of the logger; what is `extra` to the line takes their place
   * @param at when the line was said, in ms since the epoch; now by default
   */
  line(
    method: Method,
    message: unknown,
    identity: Identity | undefined,
    keys: object,
    extra?: object,
    at?: number,
  ): string
  /** Whether each event is to be written, by `POWERTOOLS_LOGGER_LOG_EVENT`. */
  readonly logsEvents: boolean
}
