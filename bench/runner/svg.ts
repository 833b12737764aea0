/** Text as it may stand in markup. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** How wide a text is at a size, about: Latin at half a em, everything wider at one. */
export const widthOf = (text: string, size: number): number =>
  [...text].reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.54), 0) * size;

/** An element with attributes, the content as it is. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`);
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

export const text = (x: number, y: number, content: string, kind = '', anchor: 'start' | 'middle' | 'end' = 'start'): string =>
  element('text', { x, y, class: kind, 'text-anchor': anchor }, escaped(content));

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** Ours stand out; the others are told apart by tone and by their names beside them. In the dark the tones are lighter. */
export const tones = 6;
const light = ['#1d7a6b', '#c2571a', '#4b5f8f', '#8a5a83', '#6f7a2c', '#5d6a72'];
const dark = ['#5fc7b3', '#f0995e', '#93a9e0', '#d09bc8', '#bcc86a', '#a3b1ba'];

const style = `
  svg { background: #fff; color-scheme: light dark; }
  text { font: 13px system-ui, sans-serif; fill: #1c2422; }
  .title { font-size: 16px; font-weight: 600; }
  .quiet { fill: #55615d; font-size: 12px; }
  .group { font-weight: 600; }
  .grid { stroke: #dfe5e2; }
  .axis { stroke: #8b9793; }
  .spread { stroke: #1c2422; stroke-width: 1.5; }
  .line { fill: none; stroke-width: 2; }
${light.map((tone, i) => `  .t${i} { fill: ${tone}; } .s${i} { stroke: ${tone}; }`).join('\n')}
  @media (prefers-color-scheme: dark) {
    svg { background: #141917; }
    text { fill: #e6ecea; }
    .quiet { fill: #a5b1ad; }
    .grid { stroke: #2c3532; }
    .axis { stroke: #66726e; }
    .spread { stroke: #e6ecea; }
${dark.map((tone, i) => `    .t${i} { fill: ${tone}; } .s${i} { stroke: ${tone}; }`).join('\n')}
  }
`;

/** A whole drawing, on its own or in a page: it follows the reader's light or dark. */
export function drawing(width: number, height: number, title: string, content: readonly string[]): string {
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
    },
    `<title>${escaped(title)}</title><style>${style}</style>${element('rect', { width, height, fill: 'none' })}\n${content.join('\n')}\n`,
  )}\n`;
}
