/**
 * Reads newline-delimited JSON as it arrives. Text may be cut anywhere, also inside a line; `end` reads what stands
 * after the last newline. A line that is not JSON throws `SyntaxError`: half an answer must not pass for a whole one.
 */
export class NdjsonReader {
  #rest = '';

  push(text: string): unknown[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown);
  }

  end(): unknown[] {
    return this.push('\n');
  }
}
