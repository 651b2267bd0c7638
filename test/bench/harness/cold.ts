import { spawn } from 'node:child_process'
import { lambdas } from './child.ts'

/** One cold start, in ms. */
export interface Start {
  /** From the spawning of the process to its first answer. */
  readonly wall: number
  /** Processor time of all its threads until then. */
  readonly cpu: number
  /** Whether undici was loaded by then. */
  readonly undici: boolean
}

/** Starts a bundled function in a new process, and has it answer once. */
export const start = (
  driver: string,
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Start> =>
  new Promise((resolve, reject) => {
    const began = process.hrtime.bigint()
    const child = spawn(process.execPath, [driver, file], {
      env: { PATH: process.env.PATH, ...lambdas, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    let wall: number | undefined
    let told = ''
    let errors = ''
    child.stdio[3]!.on('data', (text: Buffer) => {
      wall ??= Number(process.hrtime.bigint() - began) / 1e6
      told += text
    })
    child.stdout!.resume()
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0 || wall === undefined) return reject(new Error(`${file} ended with ${code}\n${errors}`))
      const { status, cpu, undici } = JSON.parse(told) as { status: number; cpu: number; undici: boolean }
      if (status !== 201) return reject(new Error(`${file} answered ${status}`))
      resolve({ wall, cpu, undici })
    })
  })
