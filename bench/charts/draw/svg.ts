// From a drawing to the text of an SVG: the same for the same drawing, and without what only a live chart needs.
import * as echarts from 'echarts'
import { WIDTH, type Drawing, type Head } from './canvas.js'
import { FONT } from './font.js'

export function toSvg({ head, height, option }: Drawing): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  try {
    chart.setOption(option)
    return withNames(slim(chart.renderToSVGString()), head)
  } finally {
    chart.dispose()
  }
}

/** Takes away hover styles and marks of events, which count the charts of the process, and says the font once. */
function slim(svg: string): string {
  return (
    svg
      .replace(/<style\b[^>]*>.*?<\/style>\s*/gs, '')
      .replace(/<path [^>]*fill-opacity="0"[^>]*stroke-width="0"[^>]*><\/path>\s*/g, '') // behind the title
      .replace(/<\w[^>]*>/g, slimTag)
      .trimEnd() + '\n'
  )
}

function slimTag(tag: string): string {
  return tag
    .replaceAll(/ (?:ecmeta_\w+|class|pointer-events|xml:space)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, '')
    .replaceAll(`font-family:${FONT};`, '')
    .replaceAll(/style="font: (?:(bold) )?(\d+)px [^"]*"/g, (_, bold, size) => {
      return `style="font-size:${size}px;${bold ? 'font-weight:bold;' : ''}"`
    })
    .replaceAll(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))))
}

/** Screen readers read these two. */
function withNames(svg: string, { title, description }: Head): string {
  const names = `<title id="title">${escaped(title)}</title>\n<desc id="description">${escaped(description)}</desc>\n`
  return svg.replace(/^<svg ([^>]*)>\s*/, (_, attributes: string) => {
    return `<svg ${attributes} role="img" aria-labelledby="title description" font-family="${FONT}">\n${names}`
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
