import { SourceMap } from 'node:module'
import { type Bundle, gzipped } from './bundle.ts'

/** What of a bundle comes of one source file, or of one declaration in it. */
export interface Share {
  readonly name: string
  /** Minified bytes. */
  readonly bytes: number
  /** What the gzipped bundle would be smaller without it. */
  readonly gzip: number
}

/** By source file, largest first. What packages share is in `dist` one file: their source maps tell it apart. */
export const fileShares = (bundle: Bundle): Share[] => shares(bundle, ({ file }) => file)

/** By top-level declaration and class member. */
export const declarationShares = (bundle: Bundle): Share[] =>
  shares(bundle, ({ file, line, source }) => `${file}  ${declaration(source, line)}`)

interface Origin {
  readonly file: string
  readonly line: number
  readonly source: readonly string[]
}

/** The source files that anything in a bundle comes of. */
export const filesIn = (bundle: Bundle): string[] => [...new Set(originOfEach(bundle, ({ file }) => file))]

const shares = (bundle: Bundle, nameOf: (origin: Origin) => string): Share[] => {
  const names = originOfEach(bundle, nameOf)
  return [...new Set(names)]
    .map((name) => ({
      name,
      bytes: names.filter((it) => it === name).length,
      gzip: bundle.gzip - gzipped([...bundle.text].filter((_, i) => names[i] !== name).join('')),
    }))
    .sort((a, b) => b.bytes - a.bytes)
}

/** Where each character comes from. */
const originOfEach = (bundle: Bundle, nameOf: (origin: Origin) => string): string[] => {
  const map = JSON.parse(bundle.map)
  const sources = new Map<string, string[]>(
    map.sources.map((path: string, i: number) => [path, map.sourcesContent[i].split('\n')]),
  )
  const sourceMap = new SourceMap(map)
  const names: string[] = []
  for (const [line, text] of bundle.text.split('\n').entries())
    for (let column = 0; column <= text.length; column++) {
      const entry = sourceMap.findEntry(line, column)
      const path = 'originalSource' in entry ? entry.originalSource : undefined
      names.push(
        path === undefined || !('originalLine' in entry)
          ? '(bundler)'
          : nameOf({ file: short(path), line: entry.originalLine, source: sources.get(path) ?? [] }),
      )
    }
  return names
}

/** `packages/core/src/flight.ts` as `core/flight.ts`. */
const short = (path: string): string => path.replace(/^(?:.*\/)?packages\/([^/]+)\/src\//, '$1/')

const declaration = (source: readonly string[], line: number): string => {
  let member = ''
  for (let i = line; i >= 0; i--) {
    const text = source[i] ?? ''
    const [, top, kind, name] =
      /^(?:export )?(?:default )?(?:async |abstract )?((const|let|class|function\*?) (\w+))/.exec(text) ?? []
    if (top) return kind === 'class' && member ? `${name}.${member}` : name!
    member ||=
      /^ {2}(?:static |async |get |set |override |readonly |protected |private |public )*([#\w]+)[?!]? ?[(<=:;]/.exec(
        text,
      )?.[1] ?? ''
  }
  return '(imports)'
}
