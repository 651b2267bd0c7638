import type { FrontedRoutes, FunctionState, LambdaEvent, Route } from '@fnware/local'
import type { Config } from './config.ts'
import { curl, guess } from './curl.ts'
import { readable } from './log-line.ts'
import type { Style } from './style.ts'

const ms = (duration: number): string => `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms`

/** The account of the invocation says the same. */
const timeoutLine = /^\S+ \S+ Task timed out after [\d.]+ seconds$/

/** All that `fnware dev` says. */
export class Printer {
  readonly #style: Style
  readonly #write: (text: string) => void
  /** Of the longest name, where there are several functions; 0 for one alone, which needs no name. */
  #width = 0

  constructor(style: Style, write: (text: string) => void) {
    this.#style = style
    this.#write = write
  }

  line(text = ''): void {
    this.#write(`${text}\n`)
  }

  error(text: string): void {
    this.line(this.#style('red', text))
  }

  note(text: string): void {
    this.line(this.#style('dim', text))
  }

  functions(names: readonly string[]): void {
    this.#width = names.length > 1 ? Math.max(...names.map((name) => name.length)) : 0
  }

  /** Where it listens, what there is, and what to try. */
  started(
    url: string,
    functions: readonly FunctionState[],
    config: Config,
    inspect: ReadonlyMap<string, number>,
  ): void {
    const style = this.#style
    this.line()
    this.line(`  ${style('bold', 'fnware dev')}  ${style('cyan', url)}`)
    this.line()
    for (const each of functions) {
      const { name } = each
      const port = inspect.get(name)
      this.line(`  ${style('bold', name)}${port ? style('dim', `  debugger on 127.0.0.1:${port}`) : ''}`)
      const shown = shownRoutes(each)
      const width = Math.max(...shown.map(({ method }) => method.length))
      for (const { method, path } of shown) this.line(`    ${style('green', method.padEnd(width))}  ${path}`)
      if (!shown.length) this.note('    not on HTTP')
    }
    this.line()
    const examples = Object.values(config.functions).flatMap(({ example }) => (example ? [example] : []))
    const tried = examples.length ? examples : guesses(functions)
    for (const example of tried) this.line(`  ${style('dim', '$')} ${curl(url, example)}`)
    if (tried.length) this.line()
  }

  reloaded(name: string, took: number): void {
    this.#of(name, this.#style('green', `reloaded in ${ms(took)}`))
  }

  buildFailed(name: string, error: string, serving: boolean): void {
    this.line(`\n${error}\n`)
    this.#of(name, this.#style('red', `does not build${serving ? ': the code before goes on serving' : ''}`))
  }

  initFailed(name: string): void {
    this.#of(name, this.#style('red', 'the new code fails at INIT: the code before goes on serving'))
  }

  event(event: LambdaEvent): void {
    const style = this.#style
    if (event.type === 'log' && timeoutLine.test(event.line)) return
    if (event.type === 'log') this.#of(event.function, readable(event.line, style))
    else if (event.type === 'report') this.#report(event)
    else if (event.type === 'exit') this.#of(event.function, style('yellow', `an environment ended: ${event.reason}`))
    else if (event.type === 'badResponse')
      this.#of(event.function, style('red', `500: the result is no HTTP response: ${event.reason}`))
    else if (event.type === 'initError' && event.errorType.startsWith('Runtime.Exit'))
      this.#of(event.function, style('red', `INIT: ${event.errorMessage}`))
    else if (event.type === 'initError' && event.errorType === 'Sandbox.Timedout')
      this.#of(event.function, style('red', event.errorMessage))
  }

  #report(report: Extract<LambdaEvent, { type: 'report' }>): void {
    const parts = [ms(report.duration)]
    if (report.init !== undefined) parts.push(`cold start ${ms(report.init)}`)
    if (report.memoryUsed !== undefined) parts.push(`${report.memoryUsed} MB`)
    const account = this.#style('dim', `└ ${parts.join(', ')}`)
    // What the handler threw is in the log already. What ended its process is not.
    const ended = report.status === 'timeout' || report.errorType === 'Runtime.ExitError'
    const failed =
      (ended && report.errorMessage?.replace(/^RequestId: \S+ Error: /, '')) || (report.errorType ?? 'failed')
    this.#of(report.function, report.status === 'success' ? account : `${account} ${this.#style('red', failed)}`)
  }

  #of(name: string, text: string): void {
    const prefix = this.#width ? `${this.#style('cyan', name.padEnd(this.#width))} ` : ''
    const indent = ' '.repeat(this.#width ? this.#width + 1 : 0)
    this.line(prefix + text.replaceAll('\n', `\n${indent}`))
  }
}

/** A route as it is called: with the stage that urls begin with. */
interface Shown extends Route {
  readonly front: FrontedRoutes['type']
}

/** What a function answers: its own routes, else what of the fronts is its. */
function shownRoutes({ http, routes }: FunctionState): readonly Shown[] {
  return http.flatMap(({ keys, type, prefix }) => {
    const shown = routes?.length ? routes : keys.map(routeOf)
    return shown.map(({ method, path }) => ({ method, path: prefix + path, front: type }))
  })
}

function routeOf(key: string): Route {
  if (key === '$default') return { method: 'ANY', path: '/{proxy+}' }
  const [method = '', path] = key.split(' ')
  return path === undefined ? { method: 'ANY', path: key } : { method, path }
}

function guesses(functions: readonly FunctionState[]) {
  const routes = functions.flatMap(shownRoutes)
  return routes.length ? [guess(routes.map((route) => ({ ...route, path: route.path.replace('{proxy+}', '') })))] : []
}
