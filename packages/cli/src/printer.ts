import type { FunctionState, LambdaEvent, TraceEvent } from '@fnware/local'
import type { Config } from './config.ts'
import { awsInvoke, curl, guess } from './curl.ts'
import { readable } from './log-line.ts'
import { Overlaps } from './overlaps.ts'
import { initError, ms, reported, timeoutLine, troubleOf } from './say.ts'
import { shownRoutes } from './shown-routes.ts'
import type { Style } from './style.ts'
import { traceTree } from './trace-tree.ts'

/** All that `fnware dev` says. */
export class Printer {
  readonly #style: Style
  readonly #write: (text: string) => void
  readonly #overlaps = new Overlaps()
  #functions: Config['functions'] = {}
  /** Of the longest name, where there are several functions; 0 for one alone, which needs no name. */
  #width = 0
  /** The invocation whose account is the last line. */
  #accounted: string | undefined

  constructor(style: Style, write: (text: string) => void) {
    this.#style = style
    this.#write = write
  }

  line(text = ''): void {
    this.#accounted = undefined
    this.#write(`${text}\n`)
  }

  error(text: string): void {
    this.line(this.#style('red', text))
  }

  note(text: string): void {
    this.line(this.#style('dim', text))
  }

  functions(functions: Config['functions']): void {
    const names = Object.keys(functions)
    this.#functions = functions
    this.#width = names.length > 1 ? Math.max(...names.map((name) => name.length)) : 0
  }

  /** Where it listens, what there is, and what to try. */
  started(url: string, functions: readonly FunctionState[], inspect: ReadonlyMap<string, number>): void {
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
      const widest = Math.max(...shown.map(({ path }) => path.length))
      for (const { method, path, front } of shown) {
        const through = front === 'http-api' ? '' : `  ${style('dim', front)}`
        this.line(`    ${style('green', method.padEnd(width))}  ${through ? path.padEnd(widest) : path}${through}`)
      }
      if (!shown.length) this.note('    not on HTTP')
    }
    this.line()
    const examples = Object.values(this.#functions).flatMap(({ example }) => (example ? [example] : []))
    const tried = examples.length ? examples : guesses(functions)
    for (const example of tried) this.line(`  ${style('dim', '$')} ${curl(url, example)}`)
    // A function behind HTTP expects an event of its front, which nobody writes by hand.
    const invoked = functions.find(({ http }) => !http.length)
    if (invoked) this.line(`  ${style('dim', '$')} ${awsInvoke(url, invoked.name)}`)
    this.line()
    this.note(`  for AWS SDKs  AWS_ENDPOINT_URL_LAMBDA=${url}`)
    this.line()
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
    const name = event.function
    const id = this.#overlaps.of(event)
    const say = (text: string) => this.#of(name, id ? `${style('dim', id)} ${text}` : text)
    if (event.type === 'log' && !timeoutLine.test(event.line)) say(readable(event.line, style))
    else if (event.type === 'report') {
      say(reported(event, style))
      this.#accounted = event.requestId
    } else if (event.type === 'trace') this.#trace(event)
    else if (event.type === 'initError')
      for (const text of initError(event, this.#functions[name])) say(style('red', text))
    else {
      const trouble = troubleOf(event)
      if (trouble) say(style(trouble.color, trouble.text))
    }
  }

  /** Below the account of its invocation, or by its id where something has come between. */
  #trace(event: TraceEvent): void {
    const [first, ...rest] = traceTree(event, this.#style)
    if (first === undefined) return
    const begins = this.#accounted === event.requestId ? ' ' : this.#style('dim', event.requestId.slice(0, 8))
    this.#of(event.function, [`${begins} ${first}`, ...rest.map((line) => `  ${line}`)].join('\n'))
  }

  #of(name: string, text: string): void {
    const prefix = this.#width ? `${this.#style('cyan', name.padEnd(this.#width))} ` : ''
    const indent = ' '.repeat(this.#width ? this.#width + 1 : 0)
    this.line(prefix + text.replaceAll('\n', `\n${indent}`))
  }
}

function guesses(functions: readonly FunctionState[]) {
  const routes = functions.flatMap(shownRoutes)
  return routes.length ? [guess(routes.map((route) => ({ ...route, path: route.path.replace('{proxy+}', '') })))] : []
}
