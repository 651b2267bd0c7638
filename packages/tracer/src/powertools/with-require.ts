/**
 * Runs what may load CommonJS. Bundled into an ES module it asks a global `require` for what Node has built in, and there is
 * none: "Dynamic require of … is not supported". Meanwhile there is.
 */
export const withRequire = async <Result>(load: () => Result): Promise<Awaited<Result>> => {
  const globals = globalThis as { require?: NodeJS.Require | undefined }
  if (globals.require) return await load()
  globals.require = process.getBuiltinModule('node:module').createRequire(`${process.cwd()}/`)
  try {
    return await load()
  } finally {
    delete globals.require
  }
}
