/** A line that stays at the bottom of a terminal while others scroll above it: by VT100's scroll region. */

const esc = '\u001b';
const redrawMs = 250;

/** A terminal, or what stands for one in a test. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

export class StatusBar {
  readonly #screen: Screen;
  readonly #text: (columns: number) => string;
  #size = { columns: 0, rows: 0 };
  #timer: NodeJS.Timeout | undefined;
  readonly #atExit = () => this.stop();

  /** `text` makes the line for a width. */
  constructor(screen: Screen, text: (columns: number) => string) {
    this.#screen = screen;
    this.#text = text;
  }

  start(): void {
    this.draw();
    // Times move on when nothing else does.
    this.#timer = setInterval(() => this.draw(), redrawMs).unref();
    process.once('exit', this.#atExit);
  }

  draw(): void {
    const { columns, rows } = this.#screen;
    if (columns !== this.#size.columns || rows !== this.#size.rows) {
      this.#size = { columns, rows };
      // All lines but the last scroll from now on; the cursor stays where it is, or goes up from the last.
      const allScroll = `${esc}7${esc}[r${esc}8`;
      this.#screen.write(`${allScroll}${esc}D${esc}M${esc}7${esc}[1;${rows - 1}r${esc}8`);
    }
    const line = `${esc}[2K${esc}[?7l${esc}[0m${this.#text(columns)}${esc}[?7h`;
    this.#screen.write(`${esc}7${esc}[${rows};1H${line}${esc}8`);
  }

  /** Lets all lines scroll again, and leaves the line's last state among them. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    process.off('exit', this.#atExit);
    const { columns, rows } = this.#size;
    this.#screen.write(`${esc}7${esc}[${rows};1H${esc}[K${esc}[r${esc}8${this.#text(columns)}\n`);
  }
}

const cursorCodes = new RegExp(`${esc}(?:\\[[\\d;]*[rHJfABCDt]|\\[\\?[\\d;]*[hl]|7|8|D|M|c)`, 'g');

/** Output without what moves the cursor, which would end up in the bar; colors stay. */
export function withoutCursorCodes(text: string): string {
  return text.replaceAll(cursorCodes, '');
}
