/** Sections of fields in the UI API's layout shape, for forms that do not follow a page layout. */
import type { LayoutItem, LayoutSection } from 'platform/metadata';

export interface SectionField {
  readonly field: string;
  readonly behavior: 'none' | 'required' | 'readonly';
}

const item = ({ field, behavior }: SectionField): LayoutItem => ({
  editableForNew: behavior !== 'readonly',
  editableForUpdate: behavior !== 'readonly',
  label: '',
  layoutComponents: [{ apiName: field, componentType: 'Field' }],
  required: behavior === 'required',
});

/** A section whose fields run down the columns given. */
export function sectionOfColumns(
  id: string,
  heading: string,
  columns: readonly (readonly SectionField[])[],
): LayoutSection {
  const rows = Math.max(0, ...columns.map(({ length }) => length));
  const empty: LayoutItem = {
    editableForNew: false,
    editableForUpdate: false,
    label: '',
    layoutComponents: [{ apiName: null, componentType: 'EmptySpace' }],
    required: false,
  };
  return {
    id,
    heading,
    useHeading: heading !== '',
    columns: columns.length,
    tabOrder: 'TopDown',
    layoutRows: Array.from({ length: rows }, (_row, row) => ({
      layoutItems: columns.map((column) => (column[row] ? item(column[row]) : empty)),
    })),
  };
}

/** A section whose fields run across the rows. */
export function sectionOf(
  id: string,
  heading: string,
  fields: readonly SectionField[],
  columns: number,
): LayoutSection {
  const lists = Array.from({ length: Math.max(1, columns) }, (_column, index) =>
    fields.filter((_field, position) => position % Math.max(1, columns) === index),
  );
  return sectionOfColumns(id, heading, lists);
}
