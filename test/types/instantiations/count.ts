import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc')
export const made: string = join(import.meta.dirname, 'made')

export interface Count {
  readonly types: number
  readonly instantiations: number
}

/** How much the type checker makes of a program that uses what is built. @throws Error when it does not compile */
export const count = async (name: string, program: string): Promise<Count> => {
  await mkdir(made, { recursive: true })
  const config = join(made, `tsconfig.${name}.json`)
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ['node'],
    noEmit: true,
  }
  await writeFile(join(made, `${name}.ts`), program)
  await writeFile(config, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }))
  // One checker, and not as many as there are cores: each makes types of its own.
  const args = ['-p', config, '--extendedDiagnostics', '--singleThreaded', '--pretty', 'false']
  const { stdout } = await promisify(execFile)(tsc, args).catch((error: { stdout: string }) => {
    throw new Error(error.stdout)
  })
  await Promise.all([config, join(made, `${name}.ts`)].map((path) => rm(path)))
  const number = (label: string) => Number(new RegExp(`^${label}:\\s+(\\d+)$`, 'm').exec(stdout)?.[1])
  return { types: number('Types'), instantiations: number('Instantiations') }
}
