/**
 * Fills the slots {0}, {1} … of a custom label.
 *
 * @param label text with slots; a slot without a value stays as it is
 * @param values what the slots stand for, already formatted for the reader
 * @returns the text to show
 */
export function fillLabel(label: string, ...values: string[]): string {
    return label.replace(/\{(\d+)\}/g, (slot, index: string) => values[Number(index)] ?? slot);
}
