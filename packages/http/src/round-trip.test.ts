import type { RequestOptions } from '@fnware/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anything, printable, token } from '../test/arbitraries.ts'
import { seen } from '../test/seen.ts'
import { type Service, services } from '../test/services.ts'
import type { HttpRequest } from './index.ts'

// What a client sends is what a handler reads, through every service, but for what a service itself cannot say.

/** As a client may write it: everything that must be encoded is, in either case, and anything else may be. */
const encoded = (text: string, plus: boolean, lower: boolean) => {
  const done = encodeURIComponent(text)
  const cased = lower ? done.replaceAll(/%../g, (code) => code.toLowerCase()) : done
  return plus ? cased.replaceAll('%20', '+') : cased
}
const grouped = (pairs: readonly (readonly [string, string])[], lastAlone?: boolean) => {
  const map = new Map<string, string[]>()
  for (const [name, value] of pairs) map.set(name, lastAlone ? [value] : [...(map.get(name) ?? []), value])
  return Object.fromEntries(map)
}
const isDecodable = (text: string) => {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}
/** JSON without the keys that are refused. */
const taken = fc.jsonValue().filter((it) => !/"(__proto__|constructor)"/.test(JSON.stringify(it)))
const property = <T>(
  arbitrary: fc.Arbitrary<T>,
  check: (service: Service, value: T) => Promise<void>,
  numRuns = 150,
): void => {
  test.each(services)('$name', async (service) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, (value) => check(service, value)),
      { numRuns },
    )
  })
}
const read = <T>({ event }: Service, request: RequestOptions, look: (request: HttpRequest) => T): Promise<T> =>
  seen(event(request), look)

describe('every segment of a path, decoded once', () => {
  const segments = fc.array(
    anything.map((it) => it || 'x'),
    { minLength: 1, maxLength: 5 },
  )
  property(fc.tuple(segments, fc.boolean()), async (service, [segments, lower]) => {
    const sent = service.decodesPath ? segments.map((it) => it.replaceAll(/[/?]/g, '-')) : segments
    const path = await read(
      service,
      { path: `/${sent.map((it) => encoded(it, false, lower)).join('/')}` },
      (it) => it.path,
    )
    expect(path.slice(1).split('/').map(decodeURIComponent)).toEqual(sent)
  })
})

describe('a path’s slashes and dots, as they are', () => {
  const odd = fc.array(fc.constantFrom('', '.', '..', 'a', '%2e', '...', ';', '*', '@', ':', '~', '%61'), {
    maxLength: 6,
  })
  property(odd, async (service, segments) => {
    const sent = `/${segments.join('/')}`
    const path = await read(service, { path: sent }, (it) => it.path)
    expect(path).toBe(service.decodesPath ? decodeURIComponent(sent) : sent)
  })
})

describe('every value of every query parameter, in order, decoded once', () => {
  const query = fc.tuple(fc.array(fc.tuple(anything, anything), { maxLength: 6 }), fc.boolean(), fc.boolean())
  property(query, async (service, [pairs, plus, lower]) => {
    const text = pairs.map((pair) => pair.map((it) => encoded(it, plus, lower)).join('=')).join('&')
    const sent = pairs
    const [queries, query] = await read(service, { query: text }, (it) => [{ ...it.queries }, { ...it.query }])
    expect(queries).toEqual(grouped(sent, service.lastAlone))
    expect(query).toEqual(Object.fromEntries(Object.entries(queries).map(([name, values]) => [name, values?.[0]])))
  })
})

describe('a query string that no library would write', () => {
  const pieces = fc.array(
    fc.constantFrom('a', 'b', '=', '=', '&', '&', '+', '%', '%2', '%zz', '%C3', '%c3%a9', 'é', ';', '[]'),
    {
      maxLength: 12,
    },
  )
  property(pieces, async (service, pieces) => {
    const text = pieces.join('')
    const queries = await read(service, { query: text }, (it) => ({ ...it.queries }))
    const names = new Set([...new URLSearchParams(text)].map(([name]) => name))
    // A load balancer’s client gets what cannot be decoded as it is, where API Gateway puts replacement characters.
    if (!service.name.startsWith('ALB') || isDecodable(text)) expect(new Set(Object.keys(queries))).toEqual(names)
    for (const values of Object.values(queries)) for (const value of values ?? []) expect(value).toBeTypeOf('string')
  })
})

describe('every header, by its name in lower case', () => {
  const ours = ['cookie', 'x-forwarded-for', 'host', 'user-agent', 'content-type', 'content-length', 'content-encoding']
  const names = fc.uniqueArray(
    fc.oneof(token, fc.constantFrom('__proto__', 'Constructor', 'X-A', 'AUTHORIZATION', 'toString')),
    { selector: (name) => name.toLowerCase(), maxLength: 5 },
  )
  const headers = names.chain((names) =>
    fc.tuple(
      fc.constant(names),
      fc.array(fc.array(printable, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 5 }),
    ),
  )
  property(headers, async (service, [names, values]) => {
    const sent = names.flatMap((name, i) => (ours.includes(name.toLowerCase()) ? [] : [[name, values[i]] as const]))
    const headers = await read(service, { headers: Object.fromEntries(sent as never) }, (it) => ({ ...it.headers }))
    for (const [name, values = []] of sent)
      expect(Object.entries(headers)).toContainEqual([
        name.toLowerCase(),
        service.lastAlone ? values.at(-1) : values.join(','),
      ])
  })
})

describe('every cookie, the first of a name', () => {
  const cookies = fc.uniqueArray(fc.tuple(token, anything), { selector: ([name]) => name, maxLength: 6 })
  property(cookies, async (service, pairs) => {
    const sent = Object.fromEntries(pairs)
    expect(await read(service, { cookies: sent }, (it) => ({ ...it.cookies }))).toEqual(sent)
    // What no library encoded comes as it is, as far as it can be told apart.
    const raw = pairs.map(([name], i) => `${name}=${'=%zz"'.slice(0, i)}`)
    const first = [...raw, ...pairs.map(([name]) => `${name}=second`)].join(i(raw.length))
    const cookies = await read(service, { headers: { Cookie: first } }, (it) => ({ ...it.cookies }))
    expect(cookies).toEqual(Object.fromEntries(pairs.map(([name], i) => [name, '=%zz"'.slice(0, i)])))
  })
  const i = (length: number) => (length % 2 ? '; ' : ';')
})

describe('the bytes of a body, and what they say', () => {
  const bodies = fc.oneof(
    fc.tuple(fc.constant('image/png'), fc.uint8Array({ maxLength: 50 }).map(Buffer.from)),
    fc.tuple(
      fc.constantFrom('text/plain', 'Text/HTML; charset=utf-8'),
      anything.map((it) => Buffer.from(it)),
    ),
    fc.tuple(
      fc.constantFrom('application/json', 'APPLICATION/Problem+JSON ;charset=utf-8', 'application/json;x=","'),
      taken.map((it) => Buffer.from(JSON.stringify(it))),
    ),
  )
  property(fc.tuple(bodies, fc.boolean()), async (service, [[type, bytes], asText]) => {
    // Only what is UTF-8 can be sent as text.
    const text = bytes.toString('utf8')
    const body = asText && Buffer.from(text).equals(bytes) ? text : bytes
    const request = await read(service, { method: 'POST', headers: { 'Content-Type': type }, body }, (it) => [
      Buffer.from(it.bytes()),
      it.body,
      it.contentType,
    ])
    const essence = type.split(';')[0]?.trim().toLowerCase() as string
    const plain = text.replace(/^\ufeff/, '')
    const value =
      bytes.length === 0
        ? undefined
        : /json$/.test(essence)
          ? JSON.parse(plain)
          : essence.startsWith('text/')
            ? plain
            : bytes
    expect(request).toEqual([bytes, value, essence])
  })
})

describe('a form', () => {
  const fields = fc.array(
    fc.tuple(
      anything.filter((name) => name !== '__proto__'),
      anything,
    ),
    { minLength: 1, maxLength: 6 },
  )
  property(fields, async (service, pairs) => {
    const form = await read(service, { body: new URLSearchParams(pairs as [string, string][]) }, (it) => it.body)
    const sent = Object.entries(grouped(pairs)).map(([name, values]) => [name, values.length > 1 ? values : values[0]])
    expect(Object.entries(form as object)).toEqual(sent)
  })
})

describe('one request, through all of them', () => {
  const name = fc.constantFrom('a', 'b', 'ä')
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'put', 'DELETE', 'PROPFIND', 'OPTIONS', 'HEAD'),
    path: fc.array(
      anything.map((it) => it.replaceAll(/[/?]/g, '-')),
      { maxLength: 4 },
    ),
    query: fc.uniqueArray(fc.tuple(name, anything), { selector: ([name]) => name }),
    headers: fc.uniqueArray(fc.tuple(fc.constantFrom('x-a', 'X-B', 'Accept-Language'), printable), {
      selector: ([name]) => name,
    }),
    cookies: fc.uniqueArray(
      fc.tuple(
        name.map((it) => (it === 'ä' ? 'c' : it)),
        anything,
      ),
      { selector: ([name]) => name },
    ),
    body: fc.option(fc.record({ it: taken }), { nil: undefined }),
  })

  test('looks the same', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, headers, cookies, body }) => {
        const views = await Promise.all(
          services.map((service) =>
            read(
              service,
              {
                method,
                path: `/${path.map((it) => encodeURIComponent(it)).join('/')}`,
                query: Object.fromEntries(query),
                headers: Object.fromEntries(headers),
                cookies: Object.fromEntries(cookies),
                ...(body !== undefined && { body }),
              },
              (it) => ({
                ...{ method: it.method, segments: it.path.split('/').map(decodeURIComponent), ip: it.ip },
                ...{ query: it.query, queries: it.queries, cookies: it.cookies, params: it.params, route: it.route },
                ...{ body: it.body, text: it.text(), bytes: Buffer.from(it.bytes()), contentType: it.contentType },
                headers: headers.map(([name]) => it.headers[name.toLowerCase()]),
              }),
            ),
          ),
        )
        for (const view of views.slice(1))
          expect({ ...view, params: undefined }).toEqual({ ...views[0], params: undefined })
      }),
      { numRuns: 150 },
    )
  })
})
