import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Kept, type KeptLine } from './buffer.ts'

const line = (message: string, record: string | undefined, bytes: number): KeptLine => ({
  ...{ by: undefined, method: 'debug', at: 0, message, given: undefined, bytes },
  keys: record === undefined ? {} : { record_id: record },
})

/** The same as simply as may be. */
class Plain {
  readonly most: number
  lines: KeptLine[] = []
  dropped = 0
  constructor(most: number) {
    this.most = most
  }
  add(line: KeptLine) {
    this.lines.push(line)
    while (this.lines.length > 1 && this.lines.reduce((sum, { bytes }) => sum + bytes, 0) > this.most) {
      this.lines.shift()
      this.dropped++
    }
  }
  take(record: unknown) {
    const taken = this.lines.filter(
      ({ keys }) => record === undefined || !('record_id' in keys) || keys.record_id === record,
    )
    this.lines = this.lines.filter((line) => !taken.includes(line))
    return taken
  }
}

const record = fc.constantFrom('a', 'b', undefined)
const step = fc.oneof(
  { weight: 30, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 90 }), record }) },
  { weight: 1, arbitrary: fc.record({ take: record }) },
)

test('what is kept is what has room, and is taken once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: 'max' }), fc.integer({ min: 50, max: 3000 }), (steps, most) => {
      const kept = new Kept(most)
      const plain = new Plain(most)
      for (const [i, step] of steps.entries())
        if ('add' in step) {
          const it = line(`${i}`, step.record, step.add)
          kept.add(it)
          plain.add(it)
        } else expect(kept.take(step.take)).toEqual(plain.take(step.take))
      expect(kept.dropped).toBe(plain.dropped)
      expect(kept.take(undefined)).toEqual(plain.take(undefined))
      expect(kept.take(undefined)).toEqual([])
    }),
    { numRuns: 300 },
  )
})
