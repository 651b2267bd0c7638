import { readFileSync } from 'node:fs'
import { OptionsError } from '@fnware/local'
import { type Arguments, help, readArguments } from './arguments.ts'
import { Dev } from './dev.ts'
import { Failure } from './failure.ts'

function fail(error: unknown): never {
  const told = error instanceof Failure || error instanceof OptionsError
  process.stderr.write(`${told ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

async function dev(args: Extract<Arguments, { command: 'dev' }>): Promise<void> {
  const running = new Dev(args)
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(130)
    stopping = true
    running.close().then(() => process.exit(0), fail)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  await running.start().catch(async (error: unknown) => {
    if (stopping) return
    await running.close()
    fail(error)
  })
}

try {
  const args = readArguments(process.argv.slice(2))
  if (args.command === 'help') process.stdout.write(help)
  else if (args.command === 'version') process.stdout.write(`${version()}\n`)
  else await dev(args)
} catch (error) {
  fail(error)
}
