/** Longest text of a cell; the rest is cut with an ellipsis. */
const CELL_LIMIT = 60;

/**
 * Lays REST records out as a table; relationship fields become columns such as `Account.Name`.
 *
 * @param rows records as the REST API writes them
 * @returns the table with a line feed at its end; '' without rows
 */
export function formatTable(rows: readonly Record<string, unknown>[]): string {
  const flat = rows.map((row) => new Map(cellsOf(row, '')));
  const columns = [...new Set(flat.flatMap((row) => [...row.keys()]))];
  if (columns.length === 0) {
    return '';
  }
  const widths = columns.map((column) => Math.max(column.length, ...flat.map((row) => (row.get(column) ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(columns),
    line(widths.map((width) => '─'.repeat(width))),
    ...flat.map((row) => line(columns.map((column) => row.get(column) ?? ''))),
    '',
  ].join('\n');
}

function cellsOf(row: Record<string, unknown>, prefix: string): [string, string][] {
  return Object.entries(row).flatMap(([name, value]): [string, string][] => {
    if (name === 'attributes') {
      return [];
    }
    if (typeof value !== 'object' || value === null) {
      return [[prefix + name, textOf(value)]];
    }
    const { records } = value as { records?: readonly unknown[] };
    return records
      ? [[prefix + name, `${records.length} records`]]
      : cellsOf(value as Record<string, unknown>, `${prefix}${name}.`);
  });
}

function textOf(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : typeof value === 'string'
        ? value.replace(/\s+/g, ' ')
        : '';
  return text.length > CELL_LIMIT ? `${text.slice(0, CELL_LIMIT - 1)}…` : text;
}
