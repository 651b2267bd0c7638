interface HasHeaders {
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined
}

/** Headers by lower-case names, those sent several times joined: by a comma, cookies by a semicolon. */
export const joined = ({ headers, multiValueHeaders }: HasHeaders): Readonly<Record<string, string | undefined>> => {
  const all: Record<string, string> = Object.create(null)
  for (const [name, values] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    if (values === undefined) continue
    const key = name.toLowerCase()
    const separator = key === 'cookie' ? '; ' : ','
    const value = typeof values === 'string' ? values : values.join(separator)
    all[key] = all[key] === undefined ? value : `${all[key]}${separator}${value}`
  }
  return all
}

/** `a=1; b=2` as pairs. */
export const cookiePairs = (header: string | undefined): readonly string[] => (header ? header.split(/; */) : [])
