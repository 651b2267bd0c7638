import type { HttpResponse } from './result.ts'

const remapped = new Set(['date', 'server', 'www-authenticate'])

/** Headers as REST APIs and function URLs send them on: some of them under another name. */
export const remap = (headers: HttpResponse['headers']): HttpResponse['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [remapped.has(name) ? `x-amzn-remapped-${name}` : name, value]),
  )
