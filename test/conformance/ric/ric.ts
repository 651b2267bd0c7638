import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const here = createRequire(import.meta.url)
const source = dirname(here.resolve('aws-lambda-ric/package.json'))
const headers: { include_dir: string } = here('node-api-headers')
const addonApi = dirname(createRequire(join(source, 'index.mjs')).resolve('node-addon-api/package.json'))

export const version: string = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).version

const cache = join(
  dirname(fileURLToPath(import.meta.url)),
  `../node_modules/.cache/aws-lambda-ric-${version}-${process.platform}-${process.arch}`,
)

/** Where AWS's runtime interface client is once it has been built. */
export const ricRuntime: string = join(cache, 'index.mjs')

export const isBuilt = (): boolean => existsSync(ricRuntime)

/** Why it can't be built on this machine; nothing when it can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'it builds on Linux only'
  const missing = Object.entries(tools).filter(([tool]) => spawnSync(tool, ['--version']).error)
  if (!missing.length) return undefined
  const packages = missing.map(([, name]) => name).join(' ')
  return `${missing.map(([tool]) => tool).join(', ')} missing: on Debian, apt-get install ${packages}`
}

const tools = { cmake: 'cmake', 'g++': 'g++', make: 'make', tar: 'tar', xz: 'xz-utils' }

/**
 * Builds it: its own script builds curl and aws-lambda-cpp, and the addon is compiled as its binding.gyp says. Without
 * node-gyp, which would download Node's headers: the addon uses nothing but Node-API, and what it includes beside it
 * may be empty.
 */
export async function buildRic(): Promise<void> {
  if (isBuilt()) return
  const why = obstacle()
  if (why) throw new Error(`aws-lambda-ric can't be built: ${why}`)
  if (!takeTurn()) {
    await later(500)
    return buildRic()
  }
  const work = `${cache}.${process.pid}`
  try {
    cpSync(source, work, { recursive: true, filter: (path) => !path.slice(source.length).includes('node_modules') })
    await run('sh', ['scripts/preinstall.sh'], work)
    const empty = join(work, 'empty')
    mkdirSync(empty)
    for (const name of ['node.h', 'uv.h', 'v8.h']) writeFileSync(join(empty, name), '')
    const built = join(work, 'deps/artifacts')
    const includes = [empty, headers.include_dir, addonApi, join(built, 'include')]
    const lib = ['lib', 'lib64'].map((folder) => join(built, folder)).filter((folder) => existsSync(folder))
    const flags = ['-shared', '-fPIC', '-O2', '-std=c++17', '-fvisibility=hidden', '-pthread']
    const paths = [...includes.map((path) => `-I${path}`), ...lib.map((path) => `-L${path}`)]
    const sources = ['src/native/rapid-client.cc', '-laws-lambda-runtime', '-lcurl']
    await run('g++', [...flags, ...paths, ...sources, '-o', 'rapid-client.node'], work)
    for (const folder of ['deps', 'empty', 'src', 'scripts']) rmSync(join(work, folder), { recursive: true })
    if (!isBuilt()) renameSync(work, cache)
  } finally {
    rmSync(work, { recursive: true, force: true })
    rmSync(turn, { recursive: true, force: true })
  }
}

/** There while somebody builds: several test files want it, and it takes both processors for a minute or two. */
const turn = `${cache}.building`

function takeTurn(): boolean {
  mkdirSync(dirname(turn), { recursive: true })
  // Of one that was killed in the middle.
  if (existsSync(turn) && Date.now() - statSync(turn).mtimeMs > 600_000) rmSync(turn, { recursive: true, force: true })
  try {
    mkdirSync(turn)
    return true
  } catch {
    return false
  }
}

/** Without holding up this process, which has others to answer to. */
function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((done, failed) => {
    const output: Buffer[] = []
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', failed)
    child.on('close', (code) => {
      if (code === 0) return done()
      const last = Buffer.concat(output).toString().trim().split('\n').slice(-40).join('\n')
      failed(new Error(`aws-lambda-ric: ${command} ${args[0]} failed (exit status ${code})\n${last}`))
    })
  })
}
