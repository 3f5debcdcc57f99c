// Draws the chains of a table as cells, in the order of their buckets: the fuller, the darker.
import { readScale, readTheme } from './theme.js'

/** The last stands for chains with overflow buckets. */
const FILLS = 10
const OVERFLOWING = FILLS - 1

/** How an inspection says that a chain is not evacuated into yet. */
const PENDING = 255

/** In CSS pixels. */
const HEIGHT = 190
const MOST = 22
const GAP_FROM = 5

export class BucketGrid {
  readonly #canvas: HTMLCanvasElement
  #sample: Uint8Array = new Uint8Array()

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    new ResizeObserver(() => this.draw()).observe(canvas)
  }

  show(sample: Uint8Array, inWords: string): void {
    this.#sample = sample
    this.#canvas.setAttribute('aria-label', inWords)
    this.draw()
  }

  draw(): void {
    const { clientWidth: width } = this.#canvas
    const scale = devicePixelRatio
    this.#canvas.width = Math.round(width * scale)
    this.#canvas.height = Math.round(HEIGHT * scale)
    const context = this.#canvas.getContext('2d')
    if (!context || this.#sample.length === 0) return
    context.scale(scale, scale)
    const size = cellSize(width, this.#sample.length)
    const columns = Math.max(1, Math.floor(width / size))
    const inner = size >= GAP_FROM ? size - 1 : size
    const colors = readScale('fill', FILLS)
    const pending = readTheme().line
    for (const [place, entries] of this.#sample.entries()) {
      const x = (place % columns) * size
      const y = Math.floor(place / columns) * size
      context.fillStyle = entries === PENDING ? pending : colors[Math.min(entries, OVERFLOWING)]!
      context.fillRect(x, y, inner, entries === PENDING ? inner / 3 : inner)
    }
  }
}

/** The largest with which all cells have room. */
function cellSize(width: number, count: number): number {
  for (let size = MOST; size > 1; size -= 0.5) {
    if (Math.floor(width / size) * Math.floor(HEIGHT / size) >= count) return size
  }
  return 1
}
