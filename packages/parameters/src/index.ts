export { type EnvOf, type EnvOptions, type EnvSchema, env } from './env/env.ts'
export { EnvError, type EnvFault } from './env/env-error.ts'
export { type Decryption, type KmsOptions, kms } from './env/kms.ts'
export { ParameterError, type ParameterErrorKind, type ParameterErrorOptions } from './error.ts'
export { type ExtensionOptions, extension } from './extension.ts'
export { https } from './https.ts'
export {
  type Format,
  type Formatted,
  type Found,
  type Parameter,
  type ParameterOptions,
  type PathOptions,
  parameter,
  path,
} from './parameter.ts'
export { type Definitions, type ParametersOptions, parameters, type Values } from './parameters.ts'
export { type PowertoolsSSMProvider, powertools } from './powertools.ts'
export type { ParameterRequest, Transport } from './transport.ts'
