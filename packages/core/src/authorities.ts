/** These certificates (PEM), beside those that Node trusts, with NODE_EXTRA_CA_CERTS where this version tells. */
export const authorities = (ca: string | readonly string[]): string[] => {
  // Taken when it is wanted: node:tls takes its time.
  const { getCACertificates, rootCertificates } = process.getBuiltinModule('node:tls')
  return [...(getCACertificates?.('default') ?? rootCertificates), ...[ca].flat()]
}
