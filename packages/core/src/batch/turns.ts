/** Whose turn it is: hands out the records of a batch to those that work on it at once. */
export interface Turns {
  /** The record that is to run now, after the one that this worker ran before. Undefined where nothing is left for it. */
  next(before: number | undefined): number | undefined
  /** A record has failed. */
  failed(at: number): void
}

/** In their order, as soon as somebody is free. */
export class InTurn implements Turns {
  readonly #count: number
  #at = 0
  constructor(count: number) {
    this.#count = count
  }
  next(): number | undefined {
    return this.#at < this.#count ? this.#at++ : undefined
  }
  failed(): void {}
}

/** Group by group: no two records of one run at once, and none after one that failed. */
export class ByGroup implements Turns {
  readonly #groups: number[][]
  readonly #groupOf: readonly (readonly number[])[]
  readonly #ordered: boolean
  readonly #placeIn: readonly number[]
  /** The first record that failed: with streams nothing after it is begun. */
  #first = Infinity
  readonly #stopped = new Set<readonly number[]>()

  constructor(groups: readonly string[], ordered: boolean) {
    const byName = new Map<string, number[]>()
    const groupOf: number[][] = []
    const placeIn: number[] = []
    groups.forEach((name, at) => {
      let group = byName.get(name)
      if (!group) byName.set(name, (group = []))
      placeIn.push(group.push(at) - 1)
      groupOf.push(group)
    })
    // From the end, where they are taken off.
    this.#groups = [...byName.values()].reverse()
    this.#groupOf = groupOf
    this.#placeIn = placeIn
    this.#ordered = ordered
  }

  next(before: number | undefined): number | undefined {
    let group = before === undefined ? undefined : this.#groupOf[before]
    let place = before === undefined ? 0 : (this.#placeIn[before] as number) + 1
    for (;;) {
      const at = group && !this.#stopped.has(group) ? group[place] : undefined
      if (at !== undefined && at < this.#first) return at
      group = this.#groups.pop()
      place = 0
      if (!group) return undefined
    }
  }
  failed(at: number): void {
    this.#stopped.add(this.#groupOf[at] as readonly number[])
    if (this.#ordered) this.#first = Math.min(this.#first, at)
  }
}
