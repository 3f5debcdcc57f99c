// What the tests run in a page, in every browser. Each function stands alone: only its text comes there.

interface Watched extends Window {
  blockingWaits: number
  complaints: string[]
}

/** Before all else: counts the waits of the main thread that block. A wait of no time only asks whether waiting is allowed. */
export function countWaits(): void {
  const wait = Atomics.wait
  const watched = window as unknown as Watched
  watched.blockingWaits = 0
  Atomics.wait = ((...args: Parameters<typeof wait>) => {
    if (args[3] !== 0) watched.blockingWaits++
    return wait(...args)
  }) as typeof wait
}

export function waitsCounted(): number {
  return (window as unknown as Watched).blockingWaits
}

/** Before all else: collects whatever the page complains of. */
export function collect(): void {
  const complaints: string[] = []
  ;(window as unknown as Watched).complaints = complaints
  addEventListener(
    'error',
    ({ message, target }) => complaints.push(message ? `uncaught ${message}` : `not loaded: ${target}`),
    true,
  )
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(`uncaught ${reason}`))
  for (const level of ['error', 'warn'] as const) console[level] = (...words: unknown[]) => complaints.push(words.join(' '))
}

export function collected(): string[] {
  return (window as unknown as Watched).complaints
}
