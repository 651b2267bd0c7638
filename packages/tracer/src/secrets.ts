/** A text as a trace may show it: values that are known to be secret are replaced, in whatever form they stand there. */
export { withoutHidden as withoutSecrets } from '@fnware/core/ports'
