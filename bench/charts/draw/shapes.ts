// The two shapes that every chart draws by hand.
import { font, FONT_SIZE } from './font.js'

export interface TextLook {
  fill: string
  align?: 'left' | 'center' | 'right'
  size?: number
  bold?: boolean
}

/** `y` is the middle of the text. */
export function textShape(text: string, x: number, y: number, look: TextLook) {
  const { fill, align = 'left', size = FONT_SIZE, bold = false } = look
  return {
    type: 'text' as const,
    silent: true,
    style: { text, x, y, fill, align, verticalAlign: 'middle' as const, font: font(size, bold) },
  }
}

export interface LineLook {
  stroke: string
  lineWidth: number
  opacity?: number
  lineDash?: number[]
}

export function lineShape([x1, y1]: [number, number], [x2, y2]: [number, number], style: LineLook) {
  return { type: 'line' as const, silent: true, shape: { x1, y1, x2, y2 }, style }
}
