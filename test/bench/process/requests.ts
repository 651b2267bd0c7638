import { routesOf } from '../stack/routes.ts'
import { httpEvent } from './event.ts'

/** What a cell is asked: the events in turn, and what a right answer to each looks like. */
export interface Asked {
  readonly event: () => object
  /** @returns what is wrong with an answer, if anything */
  readonly wrong: (answer: unknown) => string | undefined
}

const status =
  (expected: number, body?: (body: Record<string, unknown>) => boolean) =>
  (answer: unknown): string | undefined => {
    const { statusCode, body: text } = (answer ?? {}) as { statusCode?: number; body?: string }
    if (statusCode !== expected) return `answered ${statusCode} rather than ${expected}: ${text}`
    return body && !body(JSON.parse(text ?? 'null')) ? `answered ${text}` : undefined
  }

const isOk = (answer: unknown) => {
  const value = answer as { ok?: unknown; body?: string } | undefined
  const { ok } = value?.body ? (JSON.parse(value.body) as { ok?: unknown }) : (value ?? {})
  return ok === true ? undefined : `answered ${JSON.stringify(answer)}`
}

export const order = {
  customer: { name: 'Ada Lovelace', email: 'ada@example.com' },
  lines: [
    { sku: 'A-1', quantity: 2, price: 12.5 },
    { sku: 'B-22', quantity: 1, price: 99 },
    { sku: 'C-333', quantity: 10, price: 0.49 },
  ],
  note: 'Please leave it with the neighbours, the bell is broken.',
}
const invalid = {
  ...order,
  customer: { name: 'Ada Lovelace', email: 'ada at example.com' },
  lines: [...order.lines, { sku: 'D-4', quantity: 0, price: 1 }],
}
const post = (body: unknown) => () => httpEvent('POST', '/orders', JSON.stringify(body))

/** A path of a route, with something in the place of each parameter. */
const fill = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `${name}-17`)

const hits = (count: number): Asked[] =>
  routesOf(count).map(({ method, path }) => ({
    event: () => httpEvent(method, fill(path)),
    wrong: status(200, ({ route }) => route === `${method} ${path}`),
  }))
const misses = (count: number): Asked[] =>
  routesOf(count).map(({ method, path }) => ({
    event: () => httpEvent(method, `${fill(path)}/nothing/there`),
    wrong: status(404),
  }))
const wrongs = (count: number, expected: number): Asked[] =>
  routesOf(count).map(({ path }, _, routes) => ({
    event: () =>
      httpEvent(routes.some((route) => route.path === path && route.method === 'PATCH') ? 'POST' : 'PATCH', fill(path)),
    wrong: status(expected),
  }))

export const requests = (name: string): readonly Asked[] => {
  const [kind, count, otherwise] = name.split('-')
  const shared = httpEvent('GET', '/')
  switch (kind) {
    case 'plain':
      // Nobody changes this one, so all get the same.
      return [{ event: () => shared, wrong: isOk }]
    case 'order':
      return [{ event: post(order), wrong: status(201, ({ total }) => total === 128.9) }]
    case 'invalid':
      return [{ event: post(invalid), wrong: status(400, ({ errors }) => (errors as unknown[]).length === 2) }]
    case 'hit':
      return hits(Number(count))
    case 'miss':
      return misses(Number(count))
    case 'wrong':
      // Asked with `-404` at the end of those that do not tell a wrong method from an unknown path.
      return wrongs(Number(count), Number(otherwise ?? 405))
    default:
      throw new Error(`no requests are called ${name}`)
  }
}
