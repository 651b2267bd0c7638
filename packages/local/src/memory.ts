import { readFileSync } from 'node:fs'

/** MB that a process has used at most so far, by the kernel's account; undefined where there is none. */
export const peakMemory = (pid: number | undefined): number | undefined => {
  try {
    const [, kilobytes] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/) ?? []
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024)
  } catch {
    return undefined
  }
}
