import type { Counted, Make, Peer } from '../../harness/peer.ts'
import { ok, step, steps } from '../stack/work.ts'

export const peer: Peer = { title: 'nothing', packages: [], order: 0 }

export const plain: Make = () => async () => {
  await step()
  await step()
  return ok
}

export const awaits: Counted = (count) => async () => {
  await steps(count)
  return ok
}
