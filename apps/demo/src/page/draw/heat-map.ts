/** A matrix as coloured cells on a canvas: it fills the width it is given, and can be pointed at. */
import { el } from '../shell/element.js';
import { onTheme } from '../shell/theme.js';
import { css, palette } from './colors.js';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly at: (row: number, column: number) => number;
  /** What is drawn in full colour. */
  readonly limit: number;
  /** A column in a frame: the time now. */
  readonly column?: number;
  /** A cell in a frame: the weight that is held. */
  readonly cell?: readonly [row: number, column: number];
  /** For who does not see it. */
  readonly label: string;
}

export interface HeatMap {
  readonly element: HTMLCanvasElement;
  readonly draw: (matrix: Matrix) => void;
}

/** @param options how high a cell may be; `onPick` is called where it was clicked, `onPoint` under the pointer, null outside */
export function heatMap(options: {
  readonly cellHeight?: number;
  readonly onPick?: (row: number, column: number) => void;
  readonly onPoint?: (text: string | null) => void;
}): HeatMap {
  const { cellHeight = 14, onPick, onPoint } = options;
  const canvas = el('canvas', { class: onPick ? 'heat pick' : 'heat', role: 'img' });
  let matrix: Matrix | undefined;

  const redraw = (): void => {
    if (matrix === undefined || canvas.clientWidth === 0) return;
    const { rows, columns, at, limit, column, cell } = matrix;
    const [width, height] = [canvas.clientWidth, rows * cellHeight];
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    const colors = palette();
    const w = width / columns;
    // A hair of space between cells, where there is room for it.
    const gap = w > 5 ? 1 : 0;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        context.fillStyle = css(colors.at(at(i, j) / limit));
        context.fillRect(j * w, i * cellHeight, w - gap, cellHeight - gap);
      }
    context.strokeStyle = colors.ink;
    context.lineWidth = 2;
    if (column !== undefined) context.strokeRect(column * w + 0.5, 1, Math.max(2, w - 2), height - 3);
    if (cell !== undefined) context.strokeRect(cell[1] * w, cell[0] * cellHeight, w, cellHeight - 1);
  };

  const place = (event: PointerEvent | MouseEvent): [number, number] | null => {
    if (matrix === undefined) return null;
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * matrix.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * matrix.rows);
    return column >= 0 && column < matrix.columns && row >= 0 && row < matrix.rows ? [row, column] : null;
  };
  if (onPick !== undefined) {
    canvas.addEventListener('click', (event) => {
      const at = place(event);
      if (at !== null) onPick(...at);
    });
  }
  canvas.addEventListener('pointermove', (event) => {
    const at = place(event);
    const text = at && matrix ? `[${at.join(', ')}]  ${matrix.at(...at).toFixed(6)}` : null;
    canvas.title = text ?? '';
    onPoint?.(text);
  });
  canvas.addEventListener('pointerleave', () => onPoint?.(null));
  new ResizeObserver(redraw).observe(canvas);
  onTheme(redraw);

  return {
    element: canvas,
    draw(next) {
      matrix = next;
      canvas.setAttribute('aria-label', next.label);
      redraw();
    },
  };
}

/** The largest |value|, and at least `least`. */
export function largest(data: ArrayLike<number>, least = 1e-9): number {
  let most = least;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]!));
  return most;
}
