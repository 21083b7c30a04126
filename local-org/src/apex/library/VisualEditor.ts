/** VisualEditor.*: picklists of Lightning page properties whose values a class of the project gives. */
import { ApexList } from '../execution/ApexList.ts';
import { nullPointer } from '../execution/errors.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

class DataRow extends Bean {}
class PicklistRows extends Bean {
  readonly rows: unknown[] = [];
}
/** Base of the project's classes. */
class DynamicPicklist {}

function row(label: unknown, value: unknown, isSelected: unknown = false): DataRow {
  const made = new DataRow();
  made.values.set('Label', label).set('Value', value).set('Selected', isSelected);
  return made;
}

export const visualEditorClasses: readonly LibraryClass[] = [
  bean({
    name: 'VisualEditor.DataRow',
    hidden: true,
    instance: DataRow,
    fields: ['String Label', 'Object Value', 'Boolean Selected'],
    constructors: { '(String label, Object value)': row, '(String label, Object value, Boolean isSelected)': row },
  }),
  bean({
    name: 'VisualEditor.DynamicPickListRows',
    hidden: true,
    instance: PicklistRows,
    fields: ['Boolean ContainsAllRows'],
    methods: {
      'void addRow(VisualEditor.DataRow added)': (self: PicklistRows, added: unknown) =>
        void self.rows.push(added ?? nullPointer()),
      'void addAllRows(List<VisualEditor.DataRow> added)': (self: PicklistRows, added: ApexList) =>
        void self.rows.push(...(added ?? nullPointer()).items),
      'VisualEditor.DataRow get(Integer index)': (self: PicklistRows, index: number) => self.rows[index] ?? null,
      'List<VisualEditor.DataRow> getDataRows()': (self: PicklistRows) =>
        new ApexList(typeNamed('List<VisualEditor.DataRow>'), [...self.rows]),
      'Integer size()': (self: PicklistRows) => self.rows.length,
    },
  }),
  {
    name: 'VisualEditor.DynamicPickList',
    isAbstract: true,
    extendable: true,
    instance: DynamicPicklist,
    constructors: { '()': () => new DynamicPicklist() },
    methods: {
      'VisualEditor.DataRow getDefaultValue()': VIRTUAL,
      'VisualEditor.DynamicPickListRows getValues()': VIRTUAL,
      'Boolean isValid(Object value)': (self: { getvalues$(): PicklistRows }, value: unknown) =>
        self.getvalues$().rows.some((item) => (item as DataRow).get('Value') === value),
      'String getLabel(Object value)': (self: { getvalues$(): PicklistRows }, value: unknown) =>
        (self.getvalues$().rows as DataRow[]).find((item) => item.get('Value') === value)?.get('Label') ?? null,
    },
  },
];
