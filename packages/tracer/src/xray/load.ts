import type { Loaded } from '../engine.ts'
import { Daemon } from './daemon.ts'
import { ids } from './ids.ts'
import { XRayRoot, type XRaySpan } from './span.ts'
import { Tree } from './tree.ts'

/** What takes a moment to load is loaded here: nothing of it is imported by name, which a bundler would put first. */
export const load = (): Loaded => {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')
  const innermost = new AsyncLocalStorage<XRaySpan>()
  const newId = ids()
  let daemon: Daemon | undefined
  return {
    begin: ({ name, service, trace, links, warn }) => {
      daemon ??= new Daemon(process.env.AWS_XRAY_DAEMON_ADDRESS, warn)
      const tree = new Tree(trace, service, { innermost, daemon, newId })
      const root = new XRayRoot(tree, undefined, { name: trace.lambdas ? name : service, kind: 'own' })
      if (links.length > 0)
        root.metadata(
          'links',
          links.map(({ root, parent }) => ({ trace_id: root, id: parent })),
        )
      return root
    },
    active: () => innermost.getStore(),
  }
}
