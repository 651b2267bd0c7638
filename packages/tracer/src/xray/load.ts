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
  let open = 0
  /** Before Node 24 a storage that has once been used makes every `await` three times as slow, until it is disabled. */
  const ended = () => {
    if (--open === 0 && hooked) innermost.disable()
  }
  return {
    begin: ({ name, service, trace, links, warn }) => {
      daemon ??= new Daemon(process.env.AWS_XRAY_DAEMON_ADDRESS, warn)
      const tree = new Tree(trace, service, { innermost, daemon, newId })
      const root = new XRayRoot(tree, { name: trace.lambdas ? name : service, kind: 'own' }, ended)
      open++
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

/** Whether asynchronous contexts are kept by hooks, as they are where V8 does not keep them itself. */
const hooked: boolean = /* @__PURE__ */ (() => Number.parseInt(process.versions.node, 10) < 24)()
