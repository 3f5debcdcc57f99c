// The elements of the page by their ids.

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id)
  if (!element) throw new Error(`The page has no element ${id}`)
  return element as E
}

export function canvas(id: string): HTMLCanvasElement {
  return byId<HTMLCanvasElement>(id)
}

/** Hides the axes of a chart that has nothing to show, and says so. */
export function showEmpty(chart: HTMLElement, isEmpty: boolean): void {
  chart.parentElement!.toggleAttribute('data-empty', isEmpty)
}
