import { byName } from '../by-name.ts'
import type { AlbEvent, RestApiEvent } from '../event.ts'

// What REST APIs and load balancers have in common: every value under one name, or the last one alone.

/** Headers by lower-case names, those sent several times joined: by a comma, cookies by a semicolon. */
export const headers = ({ headers, multiValueHeaders }: RestApiEvent | AlbEvent): Record<string, string> => {
  const all = byName<string>()
  for (const [name, values] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    if (values === undefined) continue
    const key = name.toLowerCase()
    all[key] = [all[key] ?? [], values].flat().join(key === 'cookie' ? '; ' : ',')
  }
  return all
}

export const query = (event: RestApiEvent | AlbEvent): (readonly [name: string, value: string])[] =>
  Object.entries(event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {}).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => [name, value] as const),
  )
