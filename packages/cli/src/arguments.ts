import { parseArgs } from 'node:util'
import { nearest } from '@fnware/local/check'
import { Failure } from './failure.ts'

export interface DevArguments {
  readonly config: string | undefined
  readonly port: number | undefined
  readonly host: string | undefined
  /** The port of the first function's inspector. */
  readonly inspect: number | undefined
}

export type Arguments =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | ({ readonly command: 'dev' } & DevArguments)

export const help = `fnware dev: run functions on this machine the way Lambda runs them

Usage: fnware dev [options]

  --port <port>      where to listen: else PORT, else the configuration's, else 3000; 0 for any free port
  --host <host>      127.0.0.1 by default
  --config <file>    fnware.config.ts by default
  --inspect[=port]   a debugger finds the functions on this port and the following: 9229 by default
  --help             this text
  --version          the version
`

const commands = ['dev']
const flags = ['port', 'host', 'config', 'inspect', 'help', 'version']
const defaultInspect = 9229

/** @throws {Failure} for what is no command or flag, naming the nearest, and for a value that cannot be */
export function readArguments(args: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      config: { type: 'string' },
      inspect: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  const given = new Map<string, string | undefined>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    if (!flags.includes(token.name))
      throw unknownName(
        'flag',
        token.rawName,
        flags.map((flag) => `--${flag}`),
      )
    given.set(token.name, token.value)
  }
  if (given.has('help')) return { command: 'help' }
  if (given.has('version')) return { command: 'version' }
  const [command, more] = words
  if (command === undefined) return { command: 'help' }
  if (!commands.includes(command)) throw unknownName('command', command, commands)
  if (more !== undefined) throw new Failure(`fnware dev takes no \`${more}\`: see fnware --help`)
  return {
    command: 'dev',
    config: text(given, 'config'),
    host: text(given, 'host'),
    port: given.has('port') ? readPort(given.get('port'), '--port', 0) : undefined,
    inspect: given.has('inspect')
      ? readPort(given.get('inspect') ?? String(defaultInspect), '--inspect', 1)
      : undefined,
  }
}

/** @throws {Failure} for what is no port, naming where it came from */
export function readPort(value: string | undefined, from: string, least: number): number {
  const port = Number(value)
  if (value && /^\d+$/.test(value) && port >= least && port <= 65_535) return port
  throw new Failure(`${from} must be a port from ${least} to 65535, got ${value ? `\`${value}\`` : 'nothing'}`)
}

function text(given: ReadonlyMap<string, string | undefined>, name: string): string | undefined {
  if (!given.has(name)) return undefined
  const value = given.get(name)
  if (value) return value
  throw new Failure(`--${name} needs a value: see fnware --help`)
}

function unknownName(what: string, name: string, known: readonly string[]): Failure {
  const near = nearest(name, known)
  return new Failure(`unknown ${what} \`${name}\`${near ? `: did you mean \`${near}\`?` : ': see fnware --help'}`)
}
