// Measures one row, in a thread that has done nothing else and may block.
import type { StartCounting } from '../counting.js'
import { measure } from '../measure.js'
import { ROWS } from '../rows.js'

const startCounting: StartCounting = (counting) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./counting-worker.js', import.meta.url), { type: 'module' })
    worker.onmessage = () => resolve()
    worker.onerror = (event) => reject(new Error(event.message || 'The second thread did not load'))
    worker.postMessage(counting)
  })

self.onmessage = async ({ data: { index, rounds } }) => {
  try {
    self.postMessage({ found: await measure(ROWS[index]!, rounds, startCounting) })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
}
