import { afterEach, describe, expect, test } from 'vitest'
import { hiddenIn, withoutHidden } from './hidden.ts'
import { hide } from './hide.ts'

afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('fnware.hidden'))
})

const without = (text: string) => withoutHidden(text, '*')

describe('what was hidden', () => {
  test('is found in a text, and what was not is not', () => {
    expect(hiddenIn('login failed for app with hunter-22')).toEqual([])
    expect(without('login failed for app with hunter-22')).toBe('login failed for app with hunter-22')
    hide(['short'])
    expect(hiddenIn('short, and nothing is known yet')).toEqual([])
    hide(['hunter-22', 'sk_live_1'])
    expect(hiddenIn('login failed for app with hunter-22')).toEqual(['hunter-22'])
    expect(hiddenIn('sk_live_1hunter-22hunter-22')).toEqual(['sk_live_1', 'hunter-22'])
    expect(hiddenIn('hunter-2')).toEqual([])
    expect(hiddenIn('')).toEqual([])
    hide(['another'])
    expect(hiddenIn('another hunter-22')).toEqual(['another', 'hunter-22'])
  })

  test('is taken out, wherever it stands', () => {
    hide(['hunter-22', 'sk_live_1'])
    expect(without('hunter-22')).toBe('*')
    expect(without('hunter-22, sk_live_1 and hunter-22hunter-22!')).toBe('*, * and **!')
    expect(without('hunter-2 hunter-')).toBe('hunter-2 hunter-')
    expect(withoutHidden('a hunter-22')).toBe('a [redacted]')
  })

  test('is taken out as a whole, also where a part of it is another', () => {
    hide(['secret-of-all', 'secret', 'secret-o', 'of-all-things'])
    expect(without('the secret-of-all')).toBe('the *')
    expect(without('the secret-of-all-things')).toBe('the *-things')
    expect(without('secretsecret-of-al')).toBe('**f-al')
  })

  test('that is too short to be told from other text is none', () => {
    hide(['', 'abcde', 'abcdef', '          ', ' abc \n\n\n'])
    expect(hiddenIn('abcdef')).toEqual(['abcdef'])
    expect(without('abcde abcdef')).toBe('abcde *')
    expect(without('           abc \n\n\n')).toBe('           abc \n\n\n')
  })

  test('is a thousand values at most: those that were told last', () => {
    hide(['the first', 'the second'])
    hide(Array.from({ length: 998 }, (_, i) => `value-${i}`))
    hide(['the first', 'one more'])
    expect(hiddenIn('the first the second one more value-997 value-0')).toEqual([
      ...['the first', 'one more', 'value-997', 'value-0'],
    ])
  })

  test('is a million characters at most, and always the last value', () => {
    const key = (name: string) => name.repeat(60_000 / name.length)
    hide(['the first'])
    for (let i = 0; i < 16; i++) hide([key(`key-${i % 10}${i}...`)])
    expect(hiddenIn('the first')).toEqual(['the first'])
    hide([key('key-of-all')])
    expect(hiddenIn('the first')).toEqual([])
    expect(hiddenIn(key('key-of-all'))).toHaveLength(1)
    expect(hiddenIn(key('key-515...'))).toHaveLength(1)
    hide(['x'.repeat(2_000_000)])
    expect(without(`${'x'.repeat(2_000_000)}y`)).toBe('*y')
  })

  test('is known to every copy of this package', async () => {
    const other = (await import(/* @vite-ignore */ `${'./hide.ts'}?copy`)) as typeof import('./hide.ts')
    const { withoutHidden } = (await import(/* @vite-ignore */ `${'./hidden.ts'}?copy`)) as typeof import('./hidden.ts')
    expect(other.hide).not.toBe(hide)
    hide(['told to one'])
    expect(withoutHidden('told to one')).toBe('[redacted]')
    other.hide(['told to the other'])
    expect(hiddenIn('told to the other')).toEqual(['told to the other'])
  })
})

describe('is found in other forms:', () => {
  const secrets = {
    plain: 'correct-horse',
    symbols: `p@ss/w0rd+"quoted"\\&=?#[%20] ~'()*!;:$,`,
    key: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\n',
    unicode: 'пароль 🔑 ünïcödé',
    spaces: 'a pass phrase',
    lonely: 'half \ud800 of one',
    control: 'tab\tbell\u0007del\u007f',
  }
  const lower = (text: string) => text.replaceAll(/%../g, (hex) => hex.toLowerCase())
  const strict = (text: string) =>
    encodeURIComponent(text.toWellFormed()).replaceAll(
      /[!'()*]/g,
      (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  const inUrl = (secret: string) => {
    const url = new URL('postgres://app@db/orders')
    url.password = secret
    return url.href
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const forms: Readonly<Record<string, (secret: string) => string>> = {
    'as it is': (secret) => `the ${secret} of all`,
    'in JSON': (secret) => JSON.stringify({ secret }),
    'in JSON in JSON': (secret) => JSON.stringify({ body: JSON.stringify({ secret }) }),
    'in a query': (secret) => `?a=${encodeURIComponent(secret.toWellFormed())}&b=1`,
    'in a query, in lower case': (secret) => `?a=${lower(encodeURIComponent(secret.toWellFormed()))}&b=1`,
    'in a signed query': (secret) => `?a=${strict(secret)}&b=1`,
    'in a form': (secret) => new URLSearchParams({ a: '1', secret }).toString(),
    'in a URI': (secret) => encodeURI(`https://a.b/${secret.toWellFormed()}`),
    'in base64': (secret) => base64(secret),
    'in base64 for URLs': (secret) => `${Buffer.from(secret).toString('base64url')}.x`,
    'in Basic authorization': (secret) => `Basic ${base64(`app:${secret}`)}`,
    'in base64 behind one byte': (secret) => base64(`x${secret}yz`),
    'in base64 behind two': (secret) => base64(`xx${secret}yyy`),
  }
  describe.each(Object.entries(forms))('%s', (_, form) => {
    test.each(Object.entries(secrets))('%s', (_, secret) => {
      hide([secret])
      const text = form(secret)
      expect(hiddenIn(text)).toEqual([secret])
      expect(without(text)).toContain('*')
      expect(hiddenIn(without(text))).toEqual([])
    })
  })

  test.each([secrets.plain, secrets.unicode, secrets.spaces, 'p@ss/w0rd:x?#[]^|', 'a&b$c,d+e=f@g;h%i'])(
    'in the URL of a database: %s',
    (secret) => {
      hide([secret])
      expect(without(inUrl(secret))).toBe('postgres://app:*@db/orders')
    },
  )

  test('what was cut of a long one', () => {
    hide([secrets.key])
    expect(without(`the key ${secrets.key.slice(0, 90)}… and so on`)).toBe('the key *… and so on')
    expect(without(JSON.stringify(secrets.key).slice(0, 100))).toBe('"*')
  })
})
