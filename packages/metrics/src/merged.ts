import type { Definition } from './definition.ts'

type Values = (number | number[] | undefined)[]

/** What was added with the same dimensions, and is to be written. */
export interface Added {
  /** By the index of their names. */
  readonly dimensions: readonly (string | undefined)[]
  readonly metadata: ReadonlyMap<string, string> | undefined
  readonly timestamp: number | undefined
  /** In the order in which they were added first. */
  readonly metrics: Definition[]
  /** By the index of their definitions. */
  readonly values: Values
}

/** Those that differ in nothing else have their values in one, so that they share a line. */
export const merged = (all: readonly Added[]): readonly Added[] => {
  const distinct = new Map<string, Added[]>()
  for (const added of all) {
    const key = JSON.stringify([added.timestamp, added.dimensions])
    const like = distinct.get(key)
    const same = like?.find(({ metadata }) => metadata === added.metadata)
    if (same) join(same, added)
    else if (like) like.push(added)
    else distinct.set(key, [added])
  }
  return [...distinct.values()].flat()
}

const join = (into: Added, { metrics, values }: Added) => {
  for (const definition of metrics) {
    const { index } = definition
    const before = into.values[index]
    const more = values[index] as number | number[]
    if (before === undefined) {
      into.metrics.push(definition)
      into.values[index] = more
    } else {
      const list = typeof before === 'number' ? [before] : before
      for (const value of typeof more === 'number' ? [more] : more) list.push(value)
      into.values[index] = list
    }
  }
}
