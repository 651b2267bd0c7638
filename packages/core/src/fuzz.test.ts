import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hiddenIn, withoutHidden } from './hidden.ts'
import { hide } from './hide.ts'

const without = (text: string) => withoutHidden(text, '*')

describe('whatever values are hidden', () => {
  const values = fc.array(fc.string({ unit: 'binary', minLength: 6, maxLength: 80 }), { minLength: 1, maxLength: 30 })
  const prose = fc.string({ unit: 'binary', maxLength: 200 })

  test('each is found where it stands, and is not where it was taken out', () => {
    fc.assert(
      fc.property(values, prose, prose, (secrets, before, after) => {
        Reflect.deleteProperty(globalThis, Symbol.for('fnware.hidden'))
        hide(secrets)
        for (const secret of secrets) {
          const text = before + secret + after
          expect(hiddenIn(secret)).toContain(secret)
          expect(hiddenIn(text).length).toBeGreaterThan(0)
          expect(without(text)).not.toContain(secret)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('what holds none is left as it is', () => {
    fc.assert(
      fc.property(values, fc.array(prose), (secrets, texts) => {
        Reflect.deleteProperty(globalThis, Symbol.for('fnware.hidden'))
        hide(secrets.map((secret) => `\u{10ffff}${secret}`))
        for (const text of texts)
          if (!text.includes('\u{10ffff}') && !/[\w+/-]{6}/.test(text)) expect(withoutHidden(text)).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})
