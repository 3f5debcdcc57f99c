// What a run is doing, on stderr: a bar on a terminal, elsewhere a line for each variant.
import type { WriteStream } from 'node:tty'
import { Presets, SingleBar } from 'cli-progress'
import type { Item, Listener } from '../bench.js'
import { describeVariant } from '../workloads/variants.js'
import { complainOf } from './environment.js'

export interface Progress extends Listener {
  end(): void
}

export function progressOn(stream: WriteStream): Progress {
  const bar = stream.isTTY ? newBar(stream) : undefined
  const say = (text: string): void => {
    stream.write(`${bar?.isActive ? '\r\u001b[K' : ''}bench: ${text}\n`)
  }
  return {
    onStart(environment) {
      const complaint = complainOf(environment)
      if (complaint) say(complaint)
    },
    onBuild: say,
    onSkipped({ rival, reason, remedy }) {
      say(`without ${rival}: ${reason}${remedy ? `. To have it: ${remedy}` : ''}`)
    },
    onRound(item, index, items, round) {
      if (bar) showRound(bar, item, index, items, round)
      else if (round <= 1 && isFirst(item, round)) stream.write(`${titleOf(item)}\n`)
    },
    end: () => bar?.stop(),
  }
}

/** Memory is measured without a round that warms up. */
function isFirst({ workload }: Item, round: number): boolean {
  return round === (workload.plan ? 0 : 1)
}

function titleOf({ workload, variant }: Item): string {
  return `${workload.name}: ${describeVariant(variant)}`
}

function newBar(stream: WriteStream): SingleBar & { isActive: boolean } {
  const options = { stream, format: '{bar} {value}/{total} {what}', hideCursor: true, clearOnComplete: true }
  return new SingleBar(options, Presets.shades_classic) as SingleBar & { isActive: boolean }
}

function showRound(bar: SingleBar & { isActive: boolean }, item: Item, index: number, items: number, round: number): void {
  const what = `${titleOf(item)}, ${round === 0 ? 'warming up' : `round ${round} of ${item.rounds}`}`
  if (bar.isActive) bar.update(index, { what })
  else bar.start(items, index, { what })
}
