import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One declaration of a built `.d.mts`, without comments. */
export interface Declaration {
  readonly name: string
  readonly text: string
  readonly file: Declarations
}

/** A built `.d.mts`. Its statements begin at the line's start, and nothing else does but what closes one. */
export interface Declarations {
  readonly declared: ReadonlyMap<string, string>
  /** From the name outside to the name inside, and whether it is a type alone. */
  readonly exported: ReadonlyMap<string, { readonly name: string; readonly typeOnly: boolean }>
  /** What comes of another file of the package, by the name inside. */
  readonly imported: ReadonlyMap<string, { readonly name: string; readonly from: Declarations }>
  /** Names that come of other packages, with the import. */
  readonly foreign: ReadonlyMap<string, string>
}

export const readDeclarations = async (path: string): Promise<Declarations> => {
  const declared = new Map<string, string>()
  const exported = new Map<string, { name: string; typeOnly: boolean }>()
  const imported = new Map<string, { name: string; from: Declarations }>()
  const foreign = new Map<string, string>()
  for (const statement of statements(await readFile(path, 'utf8'))) {
    const [, names, from] = /^import (?:type )?(.+) from "(.+)";$/s.exec(statement) ?? []
    const [, typeOnly, list] = /^export (type )?\{(.*)\};$/s.exec(statement) ?? []
    if (names && from?.startsWith('.')) {
      const file = await readDeclarations(join(path, '..', from.replace(/\.mjs$/, '.d.mts')))
      for (const it of specifiers(names)) imported.set(it.inside, { name: it.outside, from: file })
    } else if (names) for (const { inside } of specifiers(names)) foreign.set(inside, statement.replaceAll('"', "'"))
    else if (list !== undefined)
      // `{ inside as outside }`: the other way round than in an import.
      for (const it of specifiers(list))
        exported.set(it.inside, { name: it.outside, typeOnly: Boolean(typeOnly) || it.typeOnly })
    else {
      const [, name] =
        /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|let|function|enum) ([\w$]+)/.exec(
          statement,
        ) ?? []
      if (!name) throw new Error(`${path}: what is this?\n${statement}`)
      if (statement.startsWith('export '))
        exported.set(name, { name, typeOnly: /^export (?:interface|type) /.test(statement) })
      const text = statement.replace(/^export /, '')
      declared.set(name, declared.has(name) ? `${declared.get(name)}\n${text}` : text)
    }
  }
  return { declared, exported, imported, foreign }
}

const statements = (text: string): string[] =>
  text
    .replaceAll(/^\s*\/\*\*.*?\*\/\n/gms, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .split(/\n(?=[a-z])/)
    .map((it) => it.trim())
    .filter((it) => it !== '' && it !== 'export {};')
    // What is left of an import of which no type uses anything.
    .filter((it) => !/^import "[^"]+";$/.test(it))

const specifiers = (list: string) =>
  list
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((it) => it.trim())
    .filter(Boolean)
    .map((it) => {
      const [outside, inside = outside] = it.replace(/^type /, '').split(' as ') as [string, string?]
      return { outside, inside, typeOnly: it.startsWith('type ') }
    })

/** Follows a name to where it is declared. Undefined where that is another package. */
export const resolve = (file: Declarations, name: string): Declaration | undefined => {
  const text = file.declared.get(name)
  if (text !== undefined) return { name, text, file }
  const { from, name: outside } = file.imported.get(name) ?? {}
  return from && resolve(from, from.exported.get(outside!)!.name)
}
