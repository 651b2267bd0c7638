import { type Invocation, reserved } from './invocation.ts'

/** The record that a context is about, where it is that of a batch's record. */
export const recordOf: unique symbol = Symbol.for('fnware.record') as never

export interface OfRecord {
  readonly [recordOf]?: object
}

/**
 * A port: what stands on a batch's context and has this method is asked for another of itself for each record, such as a
 * logger that names the record. A registered symbol, since it may be another copy's of this package.
 */
export const perRecord: unique symbol = Symbol.for('fnware.perRecord') as never

export interface PerRecord {
  /**
   * @param id as the source names the record in the log
   * @param record the record's own context, before its middlewares
   */
  [perRecord](id: string, record: Invocation): unknown
}

/** Those on a context, by their keys. Resources are not asked: they are nobody's in particular. */
export const perRecords = (ctx: Invocation): readonly (readonly [key: string, of: PerRecord])[] =>
  Object.entries(ctx).filter((entry): entry is [string, PerRecord] => !reserved.includes(entry[0]) && is(entry[1]))

const is = (value: Partial<PerRecord> | null | undefined): boolean => {
  try {
    return typeof value?.[perRecord] === 'function'
  } catch {
    // A Proxy that knows some keys alone.
    return false
  }
}
