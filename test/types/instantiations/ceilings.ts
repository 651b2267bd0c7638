import { base, routes, steps } from './programs.ts'

/** What the type checker may make of a program: what was counted, and 5 %. Counts are exact, on any machine. */
export interface Ceiling {
  readonly name: string
  readonly program: string
  readonly types: number
  readonly instantiations: number
}

export const ceilings = {
  base: { name: 'no step and no route', program: base, types: 956, instantiations: 1490 },
  steps10: { name: '10 steps', program: steps(10), types: 2136, instantiations: 4694 },
  steps20: { name: '20 steps', program: steps(20), types: 3362, instantiations: 8578 },
  steps50: { name: '50 steps', program: steps(50), types: 7943, instantiations: 24990 },
  routes12: { name: '12 routes', program: routes(12), types: 2125, instantiations: 4903 },
  routes200: { name: '200 routes', program: routes(200), types: 6418, instantiations: 25975 },
} satisfies Record<string, Ceiling>
