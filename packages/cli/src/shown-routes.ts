import type { FrontedRoutes, FunctionState, Route } from '@fnware/local'

/** A route as it is called: with the stage that urls begin with. */
export interface Shown extends Route {
  readonly front: FrontedRoutes['type']
}

/** What a function answers: its own routes, else what of the fronts is its. */
export function shownRoutes({ http, routes }: FunctionState): readonly Shown[] {
  return http.flatMap(({ keys, type, prefix }) => {
    const shown = routes?.length && http.length === 1 ? routes : keys.map(routeOf)
    return shown.map(({ method, path }) => ({ method, path: prefix + path, front: type }))
  })
}

function routeOf(key: string): Route {
  if (key === '$default') return { method: 'ANY', path: '/{proxy+}' }
  const [method = '', path] = key.split(' ')
  return path === undefined ? { method: 'ANY', path: key } : { method, path }
}
