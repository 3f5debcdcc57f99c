// The rows in a browser: ../in-browser.ts calls what is put on `window` here.
import type { Found } from '../measure.js'

export interface Hot {
  measure(index: number, rounds: number): Promise<Found>
}

/** In a thread of its own, so that no row finds code that was made for another. */
function measure(index: number, rounds: number): Promise<Found> {
  const worker = new Worker(new URL('./row-worker.js', import.meta.url), { type: 'module' })
  return new Promise<Found>((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.found))
    worker.onerror = (event) => reject(new Error(event.message || 'The worker did not load'))
    worker.postMessage({ index, rounds })
  }).finally(() => worker.terminate())
}

Object.assign(window, { hot: { measure } satisfies Hot })
