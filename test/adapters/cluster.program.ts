// Makes two stores in a process of node:cluster, or in this one if it is told 'alone', and prints that it has.
import cluster from 'node:cluster'
import { once } from 'node:events'
import { KeyvTophash } from 'tophash/keyv'
import { tophashDriver } from 'tophash/unstorage'

if (cluster.isPrimary && process.argv[2] !== 'alone') {
  const [code] = await once(cluster.fork(), 'exit')
  process.exitCode = code as number
} else {
  const store = new KeyvTophash({ max: 10 })
  await store.set('a', 1)
  tophashDriver({ max: 10 })
  console.log(`stored ${await store.get('a')}`)
  cluster.worker?.disconnect()
}
