import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'

const metrics = new Metrics({ namespace: 'shop', serviceName: 'orders', defaultDimensions: { stage: 'test' } })
metrics.addDimension('tenant', 'a')
metrics.addMetric('ordersPlaced', MetricUnit.Count, 1)
metrics.addMetric('latency', MetricUnit.Milliseconds, 12.5, 1)
metrics.addMetric('latency', MetricUnit.Milliseconds, 7, 1)
metrics.addDimensions({ region: 'eu-west-1' })
metrics.addMetadata('orderId', 'o-1')
metrics.publishStoredMetrics()
// More values and names than one line holds.
for (let index = 0; index < 150; index++) metrics.addMetric('size', MetricUnit.Bytes, index)
for (let index = 0; index < 120; index++) metrics.addMetric(`name${index}`, MetricUnit.Count, index)
metrics.publishStoredMetrics()
metrics.singleMetric().addMetric('single', MetricUnit.NoUnit, 3)
