// For packages that fetch from AWS: what those of fnware share.

export { checkAwsOptions } from './call.ts'
export { classify, codeOf, type Failure } from './classify.ts'
export { askExtension } from './extension.ts'
export { type GatherOptions, gather } from './gather.ts'
export { lazily } from './lazily.ts'
export { type Shown, shown } from './shown.ts'
export { together } from './together.ts'
export { unquoted } from './unquoted.ts'
export { described, type Fault, leaks, type Validated, validated } from './validated.ts'
export { Late, within } from './within.ts'
