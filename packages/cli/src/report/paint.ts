import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Text in a colour, where there are colours. */
export function paint(style: Style, text: string, color: boolean): string {
  // Whether there are colours was decided once, from the stream that the text is for.
  return color ? styleText(style, text, { validateStream: false }) : text
}
