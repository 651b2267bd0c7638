import type { Route } from '@fnware/local'
import type { Example } from './config.ts'

/** A word of a shell command line. */
const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The command line that sends an example. */
export function curl(url: string, { method, path, headers = {}, body }: Example): string {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const verb = method?.toUpperCase() ?? (text === undefined ? 'GET' : 'POST')
  const words = ['curl']
  if (verb === 'HEAD') words.push('-I')
  else if (verb !== (text === undefined ? 'GET' : 'POST')) words.push('-X', verb)
  words.push(quote(url + path))
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  if (text !== undefined && !typed && typeof body !== 'string')
    words.push('-H', quote('content-type: application/json'))
  for (const [name, value] of Object.entries(headers)) words.push('-H', quote(`${name}: ${value}`))
  if (text !== undefined) words.push('-d', quote(text))
  return words.join(' ')
}

/** The command line that invokes a function by the AWS CLI, of any version, with or without an AWS account. */
export const awsInvoke = (url: string, name: string): string =>
  `aws lambda invoke --endpoint-url ${url} --region us-east-1 --no-sign-request --function-name ${name} /dev/stdout`

/** What is most likely to answer: a GET without parameters, or else without a body, or else anything. */
export function guess(routes: readonly Route[]): Example {
  const plain = (route: Route) => !route.path.includes('{')
  const get = (route: Route) => route.method === 'GET' || route.method === 'ANY'
  const route = routes.find((each) => get(each) && plain(each)) ?? routes.find(get) ?? routes.find(plain) ?? routes[0]
  if (!route) return { path: '/' }
  const path = route.path.replace(/\{[^}]+\}/g, '1')
  return route.method === 'ANY' || route.method === '$default' ? { path } : { path, method: route.method }
}
