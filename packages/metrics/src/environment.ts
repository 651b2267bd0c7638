import { wrongNamespace } from './names.ts'

/** What Powertools’ environment variables say. */
export interface Environment {
  readonly namespace: string | undefined
  readonly service: string | undefined
  readonly functionName: string | undefined
  readonly disabled: boolean
  /** What is wrong with them. */
  readonly warnings: readonly string[]
}

/** @see https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/ */
export const environment = (): Environment => {
  const warnings: string[] = []
  const namespace = text('POWERTOOLS_METRICS_NAMESPACE')
  const wrong = namespace && wrongNamespace(namespace)
  if (wrong) warnings.push(`POWERTOOLS_METRICS_NAMESPACE: ${wrong}`)
  const said = text('POWERTOOLS_METRICS_DISABLED')
  const disabled = truth(said)
  if (said && disabled === undefined) warnings.push(`POWERTOOLS_METRICS_DISABLED must be true or false, not ${said}`)
  return {
    namespace: wrong ? undefined : namespace,
    service: text('POWERTOOLS_SERVICE_NAME'),
    functionName: text('POWERTOOLS_METRICS_FUNCTION_NAME'),
    disabled: disabled ?? truth(text('POWERTOOLS_DEV')) ?? false,
    warnings,
  }
}

const text = (name: string) => process.env[name]?.trim() || undefined

const truth = (value: string | undefined): boolean | undefined => {
  if (value === undefined) return undefined
  if (/^(?:1|y|yes|t|true|on)$/i.test(value)) return true
  return /^(?:0|n|no|f|false|off)$/i.test(value) ? false : undefined
}
