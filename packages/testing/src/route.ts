/**
 * What a route says of a path: `/orders/{id}` of `/orders/7` that its `id` is `7`. Values are as they stand in the path.
 * @returns undefined where the path is not the route's
 */
const matched = (route: string, path: string): Record<string, string> | undefined => {
  const pattern = route
    .split('/')
    .map((segment) => {
      const name = /^\{(.+?)(\+?)\}$/.exec(segment)
      return name ? `(${name[2] ? '.+' : '[^/]+'})` : segment.replaceAll(/[^\w]/g, '\\$&')
    })
    .join('/')
  const values = new RegExp(`^${pattern}$`).exec(path)?.slice(1)
  const names = [...route.matchAll(/\{(.+?)\+?\}/g)].map(([, name]) => name as string)
  return values && Object.fromEntries(names.map((name, i) => [name, values[i] as string]))
}

/** @throws TypeError where the path is not the route's, and nothing says what the parameters are */
export const parametersOf = (where: string, route: string, path: string): Record<string, string> => {
  const parameters = matched(route, path)
  if (!parameters)
    throw new TypeError(
      `${where}: the path ${path} does not fit the route ${route}: change one of them, or say \`pathParameters\``,
    )
  return parameters
}
